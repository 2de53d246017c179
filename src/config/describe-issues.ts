import type { z } from 'zod'
import type { TomlPath } from './key-lines.ts'
import { configKeys, configTables, keyAt } from './keys.ts'
import { namedTable } from './named-tables.ts'
import { nearest } from './nearest.ts'
import type { Mistake } from './secret-files.ts'
import { isTable } from './settings.ts'

const LONGEST_VALUE = 60

/** What the schema found wrong, in words that say what would be right; a secret's value is not in them. */
export function describeIssues(issues: readonly z.core.$ZodIssue[], raw: unknown): Mistake[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
    if (issue.code === 'invalid_key') return [{ path, says: namedTable(tableAt(path)).badName }]
    // What the schema itself asks of several keys together.
    if (issue.code === 'custom') return [{ path, says: issue.message }]
    if (issue.code !== 'unrecognized_keys') return [{ path, says: describeValue(path, raw) }]
    return issue.keys.map((key) => ({
      path: [...path, key],
      says: describeUnknown([...path, key], raw),
    }))
  })
}

function describeUnknown(path: TomlPath, raw: unknown): string {
  const named = namedPlace(path)
  const table = path.slice(0, Math.max(1, named ?? 1)).join('.')
  const name = path.map((part, place) => (place === named ? '<name>' : part)).join('.')
  const tables = configTables().filter((each) => !each.includes('.'))
  const keys = configKeys().flatMap(({ name: known, secret }) =>
    secret ? [known, `${known}_file`] : [known],
  )
  const what = isTable(valueAt(raw, path)) ? 'table' : 'key'
  const meant = nearest(name, path.length === 1 ? [...tables, ...keys] : keys)
  if (meant !== undefined) {
    const said = named === undefined ? '' : String(path[named])
    return `there is no such ${what}; did you mean ${meant.replace('<name>', said)}?`
  }
  const siblings = keys.filter((key) => key.startsWith(`${table}.`))
  const known = siblings.length > 0 ? siblings : tables
  return `there is no such ${what}; there are: ${known.join(', ')}`
}

function describeValue(path: TomlPath, raw: unknown): string {
  const known = keyAt(path)
  const value = valueAt(raw, path)
  const right = known?.right ?? 'a table of keys'
  const ownLength = known === undefined ? 2 : known.name.split('.').length
  const inside = path.length > ownLength
  const whole = inside ? `the whole must be ${right}` : `it must be ${right}`
  if (known?.secret) return `cannot be used; ${whole}`
  return value === undefined ? `is missing; ${whole}` : `is ${shown(value)}; ${whole}`
}

/** The place of a name of one's choice in this path, if there is one. */
function namedPlace(path: TomlPath): number | undefined {
  const within = configKeys().find(({ named, table }) => {
    const tables = table.split('.')
    return named && tables.every((part, place) => path[place] === part)
  })
  const place = within?.table.split('.').length
  return place !== undefined && place < path.length ? place : undefined
}

function tableAt(path: TomlPath): string {
  const tables = configTables().filter((table) =>
    table.split('.').every((part, place) => path[place] === part),
  )
  return tables.sort((a, b) => b.length - a.length)[0] ?? ''
}

function valueAt(raw: unknown, path: TomlPath): unknown {
  let here = raw
  for (const part of path) {
    if (typeof here !== 'object' || here === null) return undefined
    here = Object.entries(here).find(([key]) => key === String(part))?.[1]
  }
  return here
}

function shown(value: unknown): string {
  const text = typeof value === 'bigint' ? String(value) : JSON.stringify(value)
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text
}
