import { parse } from 'smol-toml'
import type { TomlPath } from './key-lines.ts'

/** A table of a TOML document. */
export type Table = Record<string, unknown>

/** One `--set key=value`, read. */
export interface Setting {
  /** As it was written. */
  readonly text: string
  readonly table: Table
}

/** True for a table, as TOML has it. */
export function isTable(value: unknown): value is Table {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
  )
}

/**
 * Reads `key=value`: the key as in TOML, the value as in TOML or, where it is none, as a text. Undefined if it is not of
 * that form.
 */
export function readSetting(text: string): Setting | undefined {
  const equals = text.indexOf('=')
  const key = text.slice(0, equals)
  const value = text.slice(equals + 1)
  if (equals < 1 || /[\r\n#]/.test(key)) return undefined
  // A line break would begin another key.
  const asToml = /[\r\n]/.test(value) ? undefined : tryParse(`${key} = ${value}`)
  const table = asToml ?? tryParse(`${key} = ${tomlText(value)}`)
  return table && { text, table }
}

/** Writes what `over` says into `table`, table by table; everything else of `table` stays, and `over` as it is. */
export function merge(table: Table, over: Table): void {
  for (const [key, value] of Object.entries(over)) {
    const present = Object.hasOwn(table, key) ? table[key] : undefined
    const inner: Table = isTable(present) ? present : {}
    if (isTable(value)) merge(inner, value)
    // Not by assignment, for which `__proto__` is no key like others.
    Object.defineProperty(table, key, { value: isTable(value) ? inner : value, ...PLAIN })
  }
}

/** True if this table sets what `path` names, or something in it, or a table around it as a whole. */
export function sets(table: Table, path: TomlPath): boolean {
  let here: unknown = table
  for (const part of path) {
    if (!isTable(here)) return true
    if (!Object.hasOwn(here, part)) return false
    here = here[part]
  }
  return true
}

const PLAIN = { configurable: true, enumerable: true, writable: true }

// A basic string of TOML has the escapes of JSON.
function tomlText(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', String.raw`\u007f`)
}

function tryParse(toml: string): Table | undefined {
  try {
    return parse(toml)
  } catch {
    return undefined
  }
}
