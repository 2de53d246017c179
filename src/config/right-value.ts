import type { z } from 'zod'

type JsonSchema = z.core.JSONSchema.BaseSchema

/** What a value must be by its JSON Schema, in words that follow "it must be". */
export function rightValue(schema: JsonSchema, unit?: string): string {
  if (schema.enum !== undefined) return `one of ${schema.enum.map(inQuotes).join(', ')}`
  switch (schema.type) {
    case 'integer':
      return `a whole number${ofUnit(unit)}${range(schema)}`
    case 'number':
      return `a number${ofUnit(unit)}${range(schema)}`
    case 'boolean':
      return 'true or false'
    case 'array':
      return `a list in brackets, each ${elements(schema)}`
    case 'object':
      return 'a table'
    default:
      return `a text in quotes${length(schema)}`
  }
}

function elements({ items }: JsonSchema): string {
  return rightValue(typeof items === 'object' && !Array.isArray(items) ? items : {})
}

function inQuotes(value: unknown): string {
  return JSON.stringify(value)
}

function range({ minimum, exclusiveMinimum, maximum }: JsonSchema): string {
  const from = minimum ?? exclusiveMinimum
  if (from === undefined || maximum === undefined) return ''
  return minimum === undefined ? ` above ${from}, up to ${maximum}` : ` from ${from} to ${maximum}`
}

function ofUnit(unit: string | undefined): string {
  return unit === undefined ? '' : ` of ${unit}`
}

function length({ minLength, maxLength }: JsonSchema): string {
  if (maxLength !== undefined) return ` of ${minLength ?? 0} to ${maxLength} characters`
  return minLength === undefined ? '' : ' that is not empty'
}
