import Router from '@koa/router'
import type { Context, Middleware } from 'koa'
import { z } from 'zod'
import type { Scope } from '../auth/scopes.ts'
import { AtelierError } from '../errors.ts'
import { allowedMethods } from './allowed-methods.ts'
import { eventStream, type EventStream } from './event-stream.ts'
import type { OpenStreams } from './open-streams.ts'
import type {
  AddedOperation,
  AnswerOf,
  Operation,
  RequestOf,
  RequestShape,
  SendEvent,
  SignedInRequestOf,
  StreamOperation,
  TextAnswer,
} from './operation.ts'
import { parse, parseBody } from './parse.ts'
import type { SignedIn } from './signed-in.ts'

/** A stream whose events are described by its operation. */
export type StreamOf<O extends StreamOperation> = Omit<EventStream, 'send'> & {
  readonly send: SendEvent<O>
}

/** What happens with a stream that a request has opened. */
export type FollowOf<O extends StreamOperation> = (stream: StreamOf<O>) => void

/** What the API needs for all of its operations. */
export interface ApiParts {
  /** Finds out who asks; throws NOT_SIGNED_IN. */
  readonly signedIn: Middleware<SignedIn>
  /** Counts the request of somebody who is known; throws TOO_MANY_REQUESTS. */
  readonly limited: Middleware<SignedIn>
  readonly openStreams: OpenStreams
  /** Passes a request on to the node that holds the session `id` of its path. */
  readonly atHolder: Middleware<SignedIn>
  /** The same for what the job `id` of its path has printed. */
  readonly atJobsNode: Middleware<SignedIn>
}

/** The operations below /api/v1: one description of each checks its requests, types its handler and documents it. */
export class Api {
  readonly #parts: ApiParts
  readonly #operations: AddedOperation[] = []
  readonly #router = new Router<SignedIn>({ prefix: '/api/v1' })

  constructor(parts: ApiParts) {
    this.#parts = parts
  }

  /** What has been added so far, for the document. */
  get operations(): readonly AddedOperation[] {
    return this.#operations
  }

  /** Adds an operation for those who are signed in with this scope; others get FORBIDDEN_SCOPE. */
  add<const O extends Operation, const A extends AnswerOf<NoInfer<O>>>(
    scope: Scope,
    operation: O,
    handler: (request: SignedInRequestOf<O>) => A | Promise<A>,
  ): void {
    this.#register(scope, operation, async (ctx) =>
      answer(ctx, await handler({ ...requestOf(operation, ctx), ...known(ctx.state) })),
    )
  }

  /** Adds an operation for everybody. */
  addOpen<const O extends Operation, const A extends AnswerOf<NoInfer<O>>>(
    operation: O,
    handler: (request: RequestOf<O>) => A | Promise<A>,
  ): void {
    this.#register(null, operation, async (ctx) =>
      answer(ctx, await handler(requestOf(operation, ctx))),
    )
  }

  /** Adds a stream of events: the handler checks the request and answers what is to happen with the stream. */
  addStream<const O extends StreamOperation>(
    scope: Scope,
    operation: O,
    handler: (request: SignedInRequestOf<O>) => FollowOf<O> | Promise<FollowOf<O>>,
  ): void {
    this.#register(scope, operation, async (ctx) => {
      const { user } = ctx.state
      const follow = await handler({ ...requestOf(operation, ctx), ...known(ctx.state) })
      const stream = eventStream(ctx)
      this.#parts.openStreams.opened(user, stream)
      follow({
        ...stream,
        send: (event, data, id) => stream.send(data, event === 'message' ? undefined : event, id),
      })
    })
  }

  /** Answers the requests to what has been added; a method that an address does not have gets 405 with Allow. */
  middleware(): readonly Middleware[] {
    return [this.#router.routes() as Middleware, allowedMethods()]
  }

  #register(
    scope: Scope | null,
    operation: Operation | StreamOperation,
    handle: Middleware<SignedIn>,
  ): void {
    this.#operations.push({ ...operation, scope })
    const path = operation.path.replaceAll(/\{(\w+)\}/g, ':$1')
    const { signedIn, limited, atHolder, atJobsNode } = this.#parts
    const before = scope === null ? [] : [signedIn, limited, allowed(scope)]
    if (operation.administrators) before.push(administratorsOnly)
    if (operation.atHolder) before.push(operation.atHolder === 'job' ? atJobsNode : atHolder)
    this.#router.register(path, [operation.method], [...before, handle])
  }
}

function allowed(scope: Scope): Middleware<SignedIn> {
  return async (ctx, next) => {
    if (!ctx.state.scopes.includes(scope)) {
      throw new AtelierError(
        'FORBIDDEN_SCOPE',
        `This needs the scope "${scope}", which your API token does not have.`,
      )
    }
    await next()
  }
}

const administratorsOnly: Middleware<SignedIn> = async (ctx, next) => {
  if (ctx.state.role !== 'administrator') throw new AtelierError('ADMINISTRATORS_ONLY')
  await next()
}

function known({ user, role, scopes, expiresAt, session }: SignedIn): SignedIn {
  return { user, role, scopes, expiresAt, session }
}

function requestOf<O extends RequestShape>(operation: O, ctx: Context): RequestOf<O> {
  const { params, query, headers, body } = operation
  return {
    params: params && parse(z.object(params), ctx['params']),
    query: query && parse(z.object(query), ctx.query),
    headers: headers && parse(z.object(headers), ctx.headers),
    body: body && parseBody(ctx, body),
    ctx,
    // Each of them is what its schema gives, which the compiler cannot see through the optional schemas.
  } as unknown as RequestOf<O>
}

function answer(
  ctx: Context,
  {
    status,
    headers,
    body,
    text,
  }: {
    status: number
    headers?: Readonly<Record<string, string>>
    body?: unknown
    text?: TextAnswer
  },
): void {
  ctx.status = status
  if (headers) ctx.set({ ...headers })
  if (body !== undefined) ctx.body = body
  if (text !== undefined) {
    ctx.type = text.type
    ctx.body = text.content
  }
}
