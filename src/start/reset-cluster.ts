import { existsSync } from 'node:fs'
import { dataPaths } from '../config.ts'
import { systemCode } from '../errors.ts'
import { connectDatabase, type Database } from '../postgres/connect.ts'
import { PostgresNodeStore } from '../postgres/node-store.ts'
import { neverRan } from './instance-file.ts'
import { useAndClose, withOwnDatabase, type OwnDatabaseContext } from './own-database.ts'

/**
 * Forgets which cluster the database belongs to: the one at database.url, else the built-in one. False if it belongs to
 * none. Throws an Error fit for an operator when a node is online.
 */
export async function resetCluster(context: OwnDatabaseContext): Promise<boolean> {
  const { config, log, applicationName } = context
  const { url } = config.database
  if (url !== undefined) {
    return useAndClose(await connectDatabase({ source: url, applicationName, log }), forget)
  }
  // A look at what was never there must not make a database.
  if (!existsSync(dataPaths(config).postgres)) throw neverRan(config)
  return withOwnDatabase(context, forget)
}

async function forget(database: Database): Promise<boolean> {
  const store = new PostgresNodeStore({ database })
  try {
    if (await store.resetCluster()) return true
    const online = (await store.all()).filter(({ leased }) => leased).map(({ name }) => name)
    if (online.length === 0) return false
    throw new Error(`A node is online: ${online.join(', ')}. Stop all nodes first.`)
  } catch (error) {
    // No node of this version has been on it yet, and made the tables.
    if (['42P01', '3F000'].includes(systemCode(error) ?? '')) return false
    throw error
  }
}
