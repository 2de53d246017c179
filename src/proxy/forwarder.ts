import httpProxy from '@fastify/http-proxy'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { type IncomingMessage, METHODS, type Server, type ServerResponse } from 'node:http'
import type { Dispatcher } from 'undici'
import { AtelierError } from '../errors.ts'
import type { ThrottledActivity } from './activity.ts'
import { redirectAnswer, sendAnswer } from './answers.ts'
import type { Entry } from './entry.ts'
import { EXCHANGE, Exchange, type OnStart } from './exchange.ts'
import type { Failures } from './failures.ts'
import { requestHeaders } from './headers.ts'
import type { Client } from './parts.ts'
import { parseRoute } from './route.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The request on its way to the IDE, once it was let in. */
    exchange: Exchange | null
  }
}

/** What no browser sends and no IDE needs: a tunnel to anywhere, and an echo of all headers, cookies with them. */
const REFUSED_METHODS = new Set(['CONNECT', 'TRACE'])

/** Requests, through Fastify and @fastify/http-proxy with a dispatcher of our own in place of its client. */
export class Forwarder {
  readonly #server: Server
  readonly #clientOf: (request: IncomingMessage) => Client
  readonly #activity: ThrottledActivity
  readonly #failures: Failures
  readonly #enter: (request: IncomingMessage) => Promise<Entry>
  #app: FastifyInstance | undefined
  #handler: ((request: IncomingMessage, response: ServerResponse) => void) | undefined

  constructor(parts: {
    server: Server
    clientOf: (request: IncomingMessage) => Client
    activity: ThrottledActivity
    failures: Failures
    /** Lets the request in or throws. */
    enter: (request: IncomingMessage) => Promise<Entry>
  }) {
    this.#server = parts.server
    this.#clientOf = parts.clientOf
    this.#activity = parts.activity
    this.#failures = parts.failures
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
    app.decorateRequest('exchange', null)
    app.addHook('onRequest', (request, reply) => this.#admit(request, reply))
    app.setErrorHandler((error, request, reply) => this.#fail(request, reply, error))
    app.setNotFoundHandler((request, reply) => {
      this.#fail(request, reply, new AtelierError('METHOD_NOT_ALLOWED'))
    })
    await app.register(httpProxy, {
      prefix: '/s',
      routes: ['/*'],
      httpMethods: methods,
      websocket: false,
      proxyPayloads: false,
      disableRequestLogging: true,
      internalRewriteLocationHeader: false,
      // Where it goes is decided by `nextHop`, and the path must stay as it is: the plugin would normalise it.
      upstream: 'http://session.invalid',
      preRewrite: () => '/',
      undici: { request: dispatch as Dispatcher['request'] },
      replyOptions: {
        retryDelay: () => null,
        rewriteRequestHeaders: (request) => exchangeOf(request).carrier,
        onResponse: (request, reply) => {
          if (reply.sent) return
          reply.hijack()
          exchangeOf(request).begin(reply.statusCode)
        },
        onError: (reply, { error }) => {
          const { request, response, target } = exchangeOf(reply.request)
          reply.hijack()
          // Without a cause it is the plugin's own: a status that is none.
          const cause = error.cause ?? new AtelierError('IDE_UNREACHABLE')
          this.#failures.tell(request, response, cause, target)
        },
      },
    })
    await app.ready()
    this.#app = app
  }

  /** Answers a request; `start` must have resolved. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    this.#handler?.(request, response)
  }

  /** Closes the application, but not the server. */
  async stop(): Promise<void> {
    await this.#app?.close()
  }

  async #admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { raw } = request
    const route = parseRoute(raw.url ?? '')
    if (route.kind === 'redirect') {
      reply.hijack()
      sendAnswer(raw, reply.raw, redirectAnswer(308, route.location))
      return
    }
    const { session, path, target, signs, rest } = await this.#enter(raw)
    const destination = raw.headers['sec-fetch-dest']
    const isUse = signs.isUse({ method: raw.method ?? 'GET', path: rest, destination })
    request.exchange = new Exchange({
      request: raw,
      response: reply.raw,
      target,
      path,
      headers: requestHeaders(raw, this.#clientOf(raw), target.headers),
      onUsed: () => isUse && this.#activity.used(session.id),
    })
  }

  #fail(request: FastifyRequest, reply: FastifyReply, error: unknown): void {
    reply.hijack()
    this.#failures.tell(request.raw, reply.raw, error, request.exchange?.target)
  }
}

/** The plugin's client: hands each request over to the exchange that it came from. */
function dispatch({ headers }: Dispatcher.RequestOptions, onStart: OnStart): void {
  const carrier = headers as unknown as Exchange['carrier']
  carrier[EXCHANGE].start(onStart)
}

function exchangeOf(request: Pick<FastifyRequest, 'exchange'> | undefined): Exchange {
  if (request?.exchange) return request.exchange
  throw new AtelierError('INTERNAL')
}
