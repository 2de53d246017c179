import { z } from 'zod'

/** A JSON Schema of draft 2020-12, which is what OpenAPI 3.1 uses. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** Turns zod's schemas into JSON Schema; those that have an `id` in their `meta` become components and are referred to. */
export class JsonSchemas {
  readonly #components = new Map<string, JsonSchema>()

  /** The named schemas that were met so far, in the order of their names. */
  get components(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.#components].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** The JSON Schema of what goes into `schema`. Throws when two schemas have the same `id`. */
  of(schema: z.ZodType): JsonSchema {
    // Also answers are what goes in, as nothing changes them on their way; and fields may be added to them later.
    const { $schema: _, $defs, ...plain } = z.toJSONSchema(schema, { io: 'input' })
    for (const [name, definition] of Object.entries($defs ?? {})) {
      this.#add(name, toComponents(definition))
    }
    return toComponents(plain)
  }

  #add(name: string, schema: JsonSchema): void {
    const known = this.#components.get(name)
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new Error(`two schemas of the API are called ${name}`)
    }
    this.#components.set(name, schema)
  }
}

function toComponents(schema: JsonSchema): JsonSchema {
  const text = JSON.stringify(schema, (key, value: unknown) =>
    key === '$ref' && typeof value === 'string'
      ? value.replace('#/$defs/', '#/components/schemas/')
      : value,
  )
  return JSON.parse(text) as JsonSchema
}
