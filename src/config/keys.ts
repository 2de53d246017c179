import { z } from 'zod'
import type { Config } from '../config.ts'
import type { TomlPath } from './key-lines.ts'
import { rightValue } from './right-value.ts'
import { KEY_FACTS, type KeyFacts } from './key-facts.ts'
import { configSchema } from './schema.ts'

/** One key of the configuration file. */
export interface ConfigKey extends KeyFacts {
  /** Table and key, such as `server.port`. */
  readonly name: string
  /** Such as `server`, or `launcher.clusters` for a table of tables within another. */
  readonly table: string
  readonly key: string
  /** True in a table that is there once for each name, such as `profiles.large`; `name` then has `<name>` in it. */
  readonly named: boolean
  /** Its default, if it has one that is the same on every machine. */
  readonly standard: unknown
  /** What its value must be, for a sentence such as "it must be …". */
  readonly right: string
}

/** Every key of the configuration file, in the order of the schema. */
export function configKeys(): readonly ConfigKey[] {
  return Object.entries(configSchema.shape).flatMap(([table, schema]) => keysOf(table, schema))
}

function keysOf(table: string, schema: z.core.$ZodType): readonly ConfigKey[] {
  const entries = Object.entries(tableShape(schema))
  const isInner = ([, value]: [string, z.core.$ZodType]) => isNamed(value)
  return [
    ...entries
      .filter((entry) => !isInner(entry))
      .map(([key, value]) => configKey({ table, key, named: isNamed(schema) }, value)),
    ...entries.filter(isInner).flatMap(([key, value]) => keysOf(`${table}.${key}`, value)),
  ]
}

/** The key at this place of a configuration; undefined for a table, and where there is none. */
export function keyAt(path: TomlPath): ConfigKey | undefined {
  return configKeys().find(({ table, key, named }) => {
    const tables = table.split('.')
    return (
      tables.every((part, place) => path[place] === part) &&
      path[tables.length + (named ? 1 : 0)] === key
    )
  })
}

/** The names of the tables. */
export function configTables(): readonly string[] {
  const withKeys = configKeys().map(({ table }) => table)
  return [...new Set([...withKeys, ...Object.keys(configSchema.shape)])]
}

/** The value of a key, of a named table the values by name; undefined if it is not set and has no default. */
export function valueOf(config: Config, { table, key, named }: ConfigKey): unknown {
  const values = table.split('.').reduce<object>((values, part) => tableIn(values, part), config)
  if (!named) return within(values, key)
  const byName = Object.entries(values).map(([name, value]) => [name, within(value, key)])
  return byName.length === 0 ? undefined : Object.fromEntries(byName)
}

function tableIn(values: object, name: string): object {
  const table = within(values, name)
  return typeof table === 'object' && table !== null ? table : {}
}

function within(values: object, key: string): unknown {
  return Object.entries(values).find(([name]) => name === key)?.[1]
}

function configKey(
  { table, key, named }: Pick<ConfigKey, 'table' | 'key' | 'named'>,
  schema: z.core.$ZodType,
): ConfigKey {
  const name = named ? `${table}.<name>.${key}` : `${table}.${key}`
  const facts = KEY_FACTS.get(schema)
  if (facts === undefined) throw new Error(`the key ${name} has no description`)
  const standard = schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined
  return {
    ...facts,
    name,
    table,
    key,
    named,
    standard: facts.otherwise === undefined ? standard : undefined,
    right: facts.right ?? rightValue(z.toJSONSchema(schema), facts.unit),
  }
}

function isNamed(schema: z.core.$ZodType): boolean {
  return withDefault(schema) instanceof z.ZodRecord
}

function withDefault(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault
    ? schema.unwrap()
    : schema
}

function tableShape(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  const table = withDefault(schema)
  const inner = table instanceof z.ZodRecord ? table.valueType : table
  if (inner instanceof z.ZodObject) return inner.shape
  throw new Error('the configuration consists of tables of keys')
}
