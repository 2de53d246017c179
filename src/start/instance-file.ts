import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Config } from '../config.ts'

const schema = z.object({
  address: z.string(),
  databaseUrl: z.string(),
  /** Whose sessions it runs, if they are all one account's. */
  user: z.string().optional(),
})

/** What commands in another terminal need to know of the Atelier that runs here. */
export type Instance = z.infer<typeof schema>

/** Leaves word of the running Atelier, for its own account only, as it holds the database's password. */
export function writeInstance(config: Config, instance: Instance): void {
  writeFileSync(fileOf(config), `${JSON.stringify(instance)}\n`, { mode: 0o600 })
}

/** The Atelier that runs, or ran last, on this data directory. Throws when none ever did. */
export function readInstance(config: Config): Instance {
  const found = findInstance(config)
  if (found === undefined) throw neverRan(config)
  return found
}

/** The Atelier that runs, or ran last, on this data directory; undefined when none ever did, or another account's. */
export function findInstance(config: Config): Instance | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(fileOf(config), 'utf8')))
  } catch {
    return undefined
  }
}

/** Says that there is no word of an Atelier on this data directory. */
export function neverRan({ data }: Config): Error {
  return new Error(
    `No Atelier has run on ${data.directory}, or another account's. Start it with: npm start`,
  )
}

function fileOf(config: Config): string {
  return join(config.data.directory, 'instance.json')
}
