import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { type IncomingMessage, METHODS, type Server, type ServerResponse } from 'node:http'
import { AtelierError } from '../errors.ts'
import type { ThrottledActivity } from './activity.ts'
import { redirectAnswer, sendAnswer } from './answers.ts'
import type { Entry, SessionRoute } from './entry.ts'
import { Exchange } from './exchange.ts'
import type { Failures } from './failures.ts'
import type { Client } from './parts.ts'
import type { PassedRequests } from './passing.ts'
import { parseRoute } from './route.ts'
import type { Target } from './target.ts'

/** What no browser sends and no IDE needs: a tunnel to anywhere, and an echo of all headers, cookies with them. */
const REFUSED_METHODS = new Set(['CONNECT', 'TRACE'])

/**
 * Requests, through Fastify and then from dispatcher to response with nothing between. @fastify/http-proxy would stand
 * there if it did not take URL, headers and retries apart once more, which is a third of a small request's CPU time
 * (bench/README.md).
 */
export class Forwarder {
  readonly #server: Server
  readonly #clientOf: (request: IncomingMessage) => Client
  readonly #activity: ThrottledActivity
  readonly #failures: Failures
  readonly #passed: PassedRequests
  readonly #enter: (request: IncomingMessage, route: SessionRoute) => Promise<Entry>
  #app: FastifyInstance | undefined
  #handler: ((request: IncomingMessage, response: ServerResponse) => void) | undefined

  constructor(parts: {
    server: Server
    clientOf: (request: IncomingMessage) => Client
    activity: ThrottledActivity
    failures: Failures
    passed: PassedRequests
    /** Lets the request in or throws. */
    enter: (request: IncomingMessage, route: SessionRoute) => Promise<Entry>
  }) {
    this.#server = parts.server
    this.#clientOf = parts.clientOf
    this.#activity = parts.activity
    this.#failures = parts.failures
    this.#passed = parts.passed
    this.#enter = parts.enter
  }

  /** Builds the Fastify application; it never listens itself. */
  async start(): Promise<void> {
    const app: FastifyInstance = Fastify({
      serverFactory: (handler) => {
        this.#handler = handler
        return this.#server
      },
      exposeHeadRoutes: false,
      frameworkErrors: (_error, request, reply) => {
        this.#fail(request, reply, new AtelierError('BAD_REQUEST'))
      },
    })
    const methods = METHODS.filter((method) => !REFUSED_METHODS.has(method))
    for (const method of methods) {
      // The body is the dispatcher's: Fastify would refuse bad content types and swallow the body of a GET.
      app.addHttpMethod(method, { hasBody: false, overrideExisting: true })
    }
    app.setErrorHandler((error, request, reply) => this.#fail(request, reply, error))
    app.setNotFoundHandler((request, reply) => {
      this.#fail(request, reply, refusal(request.raw.url))
    })
    app.route({
      method: methods,
      url: '/s/*',
      handler: (request, reply) => {
        reply.hijack()
        void this.#forward(request.raw, reply.raw)
      },
    })
    await app.ready()
    this.#app = app
  }

  /** Answers a request; `start` must have resolved. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    this.#handler?.(request, response)
  }

  /**
   * Passes a request on to the node that holds its session; `enter` lets it in once more, as everything may be different
   * by then. Resolves when it is answered.
   */
  async pass(
    request: IncomingMessage,
    response: ServerResponse,
    entry: Entry,
    enter: () => Entry | Promise<Entry>,
  ): Promise<void> {
    let { target } = entry
    try {
      await this.#passed.pass({
        request,
        response,
        entry,
        enter,
        exchange: (next, body, onFailed) => {
          target = next.target
          const teller = target.peer ? onFailed : this.#teller(request, response, next)
          return this.#exchange(request, response, next, teller, { body })
        },
      })
    } catch (error) {
      this.#failures.tell(request, response, error, target)
    }
  }

  /** Closes the application, but not the server. */
  async stop(): Promise<void> {
    await this.#app?.close()
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let target: Target | undefined
    try {
      const route = parseRoute(request.url ?? '')
      if (route.kind === 'redirect') {
        sendAnswer(request, response, redirectAnswer(308, route.location))
        return
      }
      const entry = await this.#enter(request, route)
      target = entry.target
      const leave = entry.admission?.follow(() => response.destroy())
      if (leave !== undefined) response.once('close', leave)
      if (target.peer !== undefined) {
        await this.pass(request, response, entry, () => this.#enter(request, route))
        return
      }
      const onFailed = this.#teller(request, response, entry)
      const cookie = await entry.admission?.renewal()
      this.#exchange(request, response, entry, onFailed, { cookie }).start()
    } catch (error) {
      this.#failures.tell(request, response, error, target)
    }
  }

  #exchange(
    request: IncomingMessage,
    response: ServerResponse,
    { session, target, path, rest, signs, admission }: Entry,
    onFailed: (error: AtelierError) => void,
    more: { readonly body?: Buffer | undefined; readonly cookie?: string | undefined },
  ): Exchange {
    const destination = request.headers['sec-fetch-dest']
    const isUse =
      signs?.isUse({ method: request.method ?? 'GET', path: rest, destination }) === true
    return new Exchange({
      request,
      response,
      target,
      path,
      headers: target.requestHeaders(request, this.#clientOf(request), session.id),
      ...more,
      onUsed: () => {
        if (!isUse) return
        this.#activity.used(session.id)
        admission?.used()
      },
      onFailed,
    })
  }

  #teller(request: IncomingMessage, response: ServerResponse, { target }: Entry) {
    return (error: AtelierError): void => this.#failures.tell(request, response, error, target)
  }

  #fail({ raw }: FastifyRequest, reply: FastifyReply, error: unknown): void {
    reply.hijack()
    this.#failures.tell(raw, reply.raw, error)
  }
}

/** Why a request has no handler: its URL is no good, or its method is not. */
function refusal(url = ''): unknown {
  try {
    parseRoute(url)
  } catch (error) {
    return error
  }
  return new AtelierError('METHOD_NOT_ALLOWED')
}
