import { copyFile, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { dataPaths, type Config } from '../config.ts'
import { systemCode } from '../errors.ts'
import type { Log } from '../log.ts'
import { dumpTables } from '../postgres/dump.ts'
import { appliedMigrations, migrate } from '../postgres/migrate.ts'
import { restoreTables } from '../postgres/restore.ts'
import { readBackup, writeBackup } from './backup-file.ts'
import { dataLock } from './data-lock.ts'
import { withBuiltIn, withOwnDatabase } from './own-database.ts'

const NAMED = { applicationName: 'atelier backup' }

/** What backup and restore need of the process. */
export interface BackupContext {
  readonly config: Config
  readonly log: Log
  readonly root: boolean
  readonly version: string
}

/** A backup that has been made or restored. */
export interface BackupReport {
  readonly file: string
  readonly rows: number
  readonly bytes: number
  readonly madeAt: string
}

/**
 * Backs the database and the cluster key up into a new file, or into one of a name of its own in a directory, whether
 * Atelier runs or not. Throws an Error fit for an operator.
 */
export async function backUp(context: BackupContext, target: string): Promise<BackupReport> {
  const { config, version } = context
  const clusterKey = await ownClusterKey(config)
  if (clusterKey === undefined) {
    throw new Error(`No Atelier has run on ${config.data.directory}: there is nothing to back up.`)
  }
  const madeAt = new Date().toISOString()
  const file = await newFile(target, madeAt)
  return withOwnDatabase({ ...context, ...NAMED }, async (database) => {
    const migrations = await appliedMigrations(database)
    const about = { atelier: version, madeAt, migrations, clusterKey }
    const rows = await writeBackup(
      file,
      { format: 'atelier-backup', formatVersion: 1, ...about },
      dumpTables(database),
    )
    return { file, rows, bytes: (await stat(file)).size, madeAt }
  })
}

/**
 * Puts a backup in the place of what the data directory has; Atelier must not run on it. Unless `replace` is set it must
 * not have been used yet. A key that is replaced is kept beside the new one. Throws an Error fit for an operator.
 */
export async function restore(
  context: BackupContext,
  file: string,
  replace: boolean,
): Promise<BackupReport> {
  const { config, log } = context
  const { about, tables } = await readBackup(file)
  const present = await ownClusterKey(config)
  if (present !== undefined && !replace) {
    throw new Error(
      `${config.data.directory} is in use already; --replace puts the backup in the place of its sessions and key.`,
    )
  }
  await mkdir(config.data.directory, { recursive: true, mode: 0o755 })
  const lock = dataLock(config)
  await lock.acquire()
  let rows = 0
  async function* counted() {
    for await (const each of tables) {
      rows += each.rows.length
      yield each
    }
  }
  try {
    await withBuiltIn({ ...context, ...NAMED }, (database) =>
      restoreTables({
        database,
        build: () => migrate({ database, log, first: about.migrations }),
        tables: counted(),
        update: () => migrate({ database, log }),
      }),
    )
    await replaceKey(dataPaths(config).clusterKey, about.clusterKey, present)
  } finally {
    await lock.release()
  }
  return { file: resolve(file), rows, bytes: (await stat(file)).size, madeAt: about.madeAt }
}

/** The text of the cluster key's file; undefined if there is none. */
async function ownClusterKey(config: Config): Promise<string | undefined> {
  return readFile(dataPaths(config).clusterKey, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  })
}

async function replaceKey(file: string, key: string, present: string | undefined): Promise<void> {
  if (present === key) return
  if (present !== undefined) await copyFile(file, `${file}.before-restore`)
  await writeFile(`${file}.new`, key, { mode: 0o600, flush: true })
  await rename(`${file}.new`, file)
}

async function newFile(target: string, madeAt: string): Promise<string> {
  const path = resolve(target)
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return path
  if (!found.isDirectory()) throw new Error(`${path} is there already; name a new file.`)
  return join(path, `atelier-${madeAt.replaceAll(/[:.]/g, '-')}.backup.gz`)
}
