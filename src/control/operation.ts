import type { Readable } from 'node:stream'
import type { Context } from 'koa'
import type { z } from 'zod'
import type { Scope } from '../auth/scopes.ts'
import type { ErrorCode } from '../errors.ts'
import type { DeepReadonly } from './deep-readonly.ts'
import type { SignedIn } from './signed-in.ts'

/** Schemas by name: of path parameters, query parameters or headers (in lower case). */
export type Fields = Readonly<Record<string, z.ZodType>>

/** What an answer of one status is: a sentence about it, its headers with a sentence each, and its JSON body. */
export interface AnswerShape {
  readonly description: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: z.ZodType
  /** Other media types that it can have instead of JSON, with a sentence each. */
  readonly texts?: Readonly<Record<string, string>>
}

/** An answer that is no JSON: its media type, one of those that the operation names, and its text. */
export interface TextAnswer {
  readonly type: string
  readonly content: string | Readable
}

/** What requests of an operation are made of, and what it is for. */
export interface RequestShape {
  /** Unique, and the same verb as in the layers below. */
  readonly id: string
  readonly method: 'get' | 'post' | 'patch' | 'put' | 'delete'
  /** Below /api/v1, with parameters in braces: `/sessions/{id}`. */
  readonly path: string
  readonly summary: string
  readonly description?: string
  readonly params?: Fields
  readonly query?: Fields
  readonly headers?: Fields
  readonly body?: z.ZodType
  /** The errors that are this operation's own; those that any operation may answer are added to the document. */
  readonly errors?: readonly ErrorCode[]
  /** `true` if only the node can answer that holds the session `id` of the path; `job`, likewise what job `id` has printed. */
  readonly atHolder?: true | 'job'
  /** True if only administrators may do it. */
  readonly administrators?: true
}

/** An operation that answers JSON or nothing, by status. */
export interface Operation extends RequestShape {
  readonly answers: Readonly<Record<number, AnswerShape>>
}

/** An operation that answers a stream of server-sent events, by name; an event without a name is a `message`. */
export interface StreamOperation extends RequestShape {
  readonly events: Fields
}

/** An operation with who may call it: a scope, or everybody. */
export type AddedOperation = (Operation | StreamOperation) & { readonly scope: Scope | null }

type Parsed<F> = F extends Fields ? { readonly [K in keyof F]: z.output<F[K]> } : unknown

/** What the handler of an operation gets: all of it checked by the operation's schemas. */
export interface RequestOf<O extends RequestShape> {
  readonly params: Parsed<O['params']>
  readonly query: Parsed<O['query']>
  readonly headers: Parsed<O['headers']>
  readonly body: O['body'] extends z.ZodType ? z.output<O['body']> : undefined
  /** For what is not in the schemas: the client's address, whether the connection is secure. */
  readonly ctx: Context
}

/** The request of somebody who is known. */
export type SignedInRequestOf<O extends RequestShape> = RequestOf<O> & SignedIn

/** What the handler of an operation answers: one of its statuses, with the body that its schema describes. */
export type AnswerOf<O extends Operation> =
  | {
      readonly [S in keyof O['answers'] & number]: {
        readonly status: S
        readonly headers?: Readonly<Record<string, string>>
      } & (O['answers'][S] extends { body: infer B extends z.ZodType }
        ? { readonly body: DeepReadonly<z.input<B>> }
        : { readonly body?: undefined })
    }[keyof O['answers'] & number]
  | TextAnswerOf<O>

type TextAnswerOf<O extends Operation> = {
  readonly [S in keyof O['answers'] & number]: O['answers'][S] extends { texts: object }
    ? {
        readonly status: S
        readonly headers?: Readonly<Record<string, string>>
        readonly text: TextAnswer
      }
    : never
}[keyof O['answers'] & number]

/** What a stream tells: the name of an event, what its schema describes, and its id for whoever comes back. */
export type SendEvent<O extends StreamOperation> = <E extends keyof O['events'] & string>(
  event: E,
  data: DeepReadonly<z.input<O['events'][E]>>,
  id?: string,
) => void
