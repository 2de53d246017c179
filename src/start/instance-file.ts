import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Config } from '../config.ts'

const schema = z.object({ address: z.string(), databaseUrl: z.string(), user: z.string() })

/** What commands in another terminal need to know of the Atelier that runs here. */
export type Instance = z.infer<typeof schema>

/** Leaves word of the running Atelier, for its own account only, as it holds the database's password. */
export function writeInstance(config: Config, instance: Instance): void {
  writeFileSync(fileOf(config), `${JSON.stringify(instance)}\n`, { mode: 0o600 })
}

/** The Atelier that runs, or ran last, on this data directory. Throws when none ever did. */
export function readInstance(config: Config): Instance {
  try {
    return schema.parse(JSON.parse(readFileSync(fileOf(config), 'utf8')))
  } catch (error) {
    throw new Error(
      `No Atelier has run on ${config.data.directory}, or another account's. Start it with: npm start`,
      { cause: error },
    )
  }
}

function fileOf(config: Config): string {
  return join(config.data.directory, 'instance.json')
}
