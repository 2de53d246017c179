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
  const config: Record<string, unknown> = structuredClone(present)
  for (const key of changed) {
    const path = key.table.split('.')
    if (key.named)
      put(
        config,
        path,
        path.reduce<unknown>((at, name) => asTable(at)[name], next),
      )
    else put(config, [...path, key.key], valueOf(next, key))
  }
  return {
    config: configSchema.parse(config),
    changed: changed.map(({ name }) => name),
    needRestart: differing.filter(({ reloadable }) => !reloadable).map(({ name }) => name),
  }
}

function put(table: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path
  if (rest.length > 0) put(asTable((table[name] ??= {})), rest, value)
  else table[name] = value
}

function asTable(value: unknown): Record<string, unknown> {
  return value as Record<string, unknown>
}

// The first profile is the usual one, and of limits the last group counts.
function inOrder(config: Config, key: ConfigKey): unknown {
  const value = valueOf(config, key)
  return key.named && typeof value === 'object' && value !== null ? Object.entries(value) : value
}
