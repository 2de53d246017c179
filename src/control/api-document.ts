import type { z } from 'zod'
import { SCOPES } from '../auth/scopes.ts'
import { errorAnswer, errorsOf, errorResponses } from './error-responses.ts'
import { JsonSchemas, type JsonSchema } from './json-schemas.ts'
import type { AddedOperation, AnswerShape, Fields } from './operation.ts'
import { isOptional } from './parse.ts'

/** What the document tells of this server. */
export interface ServerFacts {
  readonly version: string
  readonly cookieName: string
}

/** The OpenAPI 3.1 document of these operations (https://spec.openapis.org/oas/v3.1.1). */
export function apiDocument(
  operations: readonly AddedOperation[],
  { version, cookieName }: ServerFacts,
) {
  const schemas = new JsonSchemas()
  schemas.of(errorAnswer)
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of operations) {
    const path = (paths[operation.path] ??= {})
    path[operation.method] = describe(operation, schemas)
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Atelier',
      version,
      description:
        'Sessions of Jupyter, VS Code and RStudio. Requests and answers are JSON; what goes wrong is told by a code and a sentence.',
    },
    servers: [{ url: '/api/v1' }],
    paths,
    components: {
      schemas: schemas.components,
      securitySchemes: {
        signIn: {
          type: 'apiKey',
          in: 'cookie',
          name: cookieName,
          description: 'The cookie of a browser that has signed in; it has every scope.',
        },
        accessToken: {
          type: 'http',
          scheme: 'bearer',
          description: `An API token, with some of the scopes ${SCOPES.join(', ')}.`,
        },
      },
    },
  }
}

function describe(operation: AddedOperation, schemas: JsonSchemas): JsonSchema {
  const { id, summary, description, scope, params, query, headers, body } = operation
  const needs = scope === null ? 'Needs no sign-in.' : `Needs the scope \`${scope}\`.`
  const parameters = [
    ...parametersOf('path', params, schemas),
    ...parametersOf('query', query, schemas),
    ...parametersOf('header', headers, schemas),
  ]
  return {
    operationId: id,
    summary,
    description: description === undefined ? needs : `${description} ${needs}`,
    security: scope === null ? [] : [{ signIn: [] }, { accessToken: [scope] }],
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: !isOptional(body), content: json(body, schemas) } }),
    responses: { ...answersOf(operation, schemas), ...errorResponses(errorsOf(operation)) },
  }
}

function parametersOf(
  place: 'path' | 'query' | 'header',
  fields: Fields = {},
  schemas: JsonSchemas,
): readonly JsonSchema[] {
  return Object.entries(fields).map(([name, field]) => {
    const { description, ...schema } = schemas.of(field)
    return {
      name,
      in: place,
      required: place === 'path' || !field.safeParse(undefined).success,
      ...(description !== undefined && { description }),
      // Lists are written with commas.
      ...(schema['type'] === 'array' && { style: 'form', explode: false }),
      schema,
    }
  })
}

function answersOf(operation: AddedOperation, schemas: JsonSchemas): JsonSchema {
  if ('events' in operation) {
    const events = Object.entries(operation.events).map(([name, schema]) => [
      name,
      schemas.of(schema),
    ])
    const content = {
      // OpenAPI 3.1 has no words for the events of a stream: their schemas are told by name.
      'text/event-stream': {
        schema: { type: 'string' },
        'x-events': Object.fromEntries(events),
      },
    }
    return { 200: { description: 'Server-sent events, each with JSON as its data.', content } }
  }
  const answers = Object.entries(operation.answers).map(([status, answer]) => [
    status,
    answerOf(answer, schemas),
  ])
  return Object.fromEntries(answers)
}

function answerOf({ description, headers = {}, body, texts }: AnswerShape, schemas: JsonSchemas) {
  const described = Object.entries(headers).map(([name, text]) => [
    name,
    { description: text, schema: { type: 'string' } },
  ])
  return {
    description,
    ...(described.length > 0 && { headers: Object.fromEntries(described) }),
    ...((body ?? texts) && {
      content: { ...(body && json(body, schemas)), ...textContent(texts) },
    }),
  }
}

function textContent(texts: AnswerShape['texts'] = {}): JsonSchema {
  const entries = Object.entries(texts).map(([type, description]) => [
    type,
    { schema: { type: 'string', description } },
  ])
  return Object.fromEntries(entries)
}

function json(schema: z.ZodType, schemas: JsonSchemas): JsonSchema {
  return { 'application/json': { schema: schemas.of(schema) } }
}
