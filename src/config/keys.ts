import { z } from 'zod'
import type { Config } from '../config.ts'
import { rightValue } from './right-value.ts'
import { configSchema, KEY_FACTS, type KeyFacts } from './schema.ts'

/** One key of the configuration file. */
export interface ConfigKey extends KeyFacts {
  /** Table and key, such as `server.port`. */
  readonly name: string
  readonly table: string
  readonly key: string
  /** Its default, if it has one that is the same on every machine. */
  readonly standard: unknown
  /** What its value must be, for a sentence such as "it must be …". */
  readonly right: string
}

/** Every key of the configuration file, in the order of the schema. */
export function configKeys(): readonly ConfigKey[] {
  return Object.entries(configSchema.shape).flatMap(([table, schema]) =>
    Object.entries(tableShape(schema)).map(([key, value]) => configKey(table, key, value)),
  )
}

/** The names of the tables. */
export function configTables(): readonly string[] {
  return Object.keys(configSchema.shape)
}

/** The value of a key; undefined if it is not set and has no default. */
export function valueOf(config: Config, { table, key }: ConfigKey): unknown {
  const values = Object.entries(config).find(([name]) => name === table)?.[1] ?? {}
  return Object.entries(values).find(([name]) => name === key)?.[1]
}

function configKey(table: string, key: string, schema: z.core.$ZodType): ConfigKey {
  const name = `${table}.${key}`
  const facts = KEY_FACTS.get(schema)
  if (facts === undefined) throw new Error(`the key ${name} has no description`)
  const standard = schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined
  return {
    ...facts,
    name,
    table,
    key,
    standard: facts.otherwise === undefined ? standard : undefined,
    right: facts.right ?? rightValue(z.toJSONSchema(schema), facts.unit),
  }
}

function tableShape(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  const inner = schema instanceof z.ZodPrefault ? schema.unwrap() : schema
  if (inner instanceof z.ZodObject) return inner.shape
  throw new Error('the configuration consists of tables of keys')
}
