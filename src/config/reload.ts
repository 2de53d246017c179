import { isDeepStrictEqual } from 'node:util'
import type { Config } from '../config.ts'
import { configKeys, valueOf, type ConfigKey } from './keys.ts'
import { configSchema } from './schema.ts'

/** What becomes of a configuration that is read while the program runs. */
export interface Reload {
  /** What holds from now on: the present one with the reloadable keys of the new one. */
  readonly config: Config
  /** The keys that were taken over because their values differ. */
  readonly changed: readonly string[]
  /** The keys that differ and are not taken over before a restart. */
  readonly needRestart: readonly string[]
}

/** Takes over from `next` what can change while the program runs. */
export function planReload(present: Config, next: Config): Reload {
  const differing = configKeys().filter(
    (key) => !isDeepStrictEqual(inOrder(present, key), inOrder(next, key)),
  )
  const changed = differing.filter(({ reloadable }) => reloadable)
  const config: Record<string, Record<string, unknown>> = structuredClone(present)
  for (const key of changed) {
    if (key.named) Object.assign(config, { [key.table]: next[key.table as 'profiles'] })
    else (config[key.table] ??= {})[key.key] = valueOf(next, key)
  }
  return {
    config: configSchema.parse(config),
    changed: changed.map(({ name }) => name),
    needRestart: differing.filter(({ reloadable }) => !reloadable).map(({ name }) => name),
  }
}

// The first profile is the usual one, and of limits the last group counts.
function inOrder(config: Config, key: ConfigKey): unknown {
  const value = valueOf(config, key)
  return key.named && typeof value === 'object' && value !== null ? Object.entries(value) : value
}
