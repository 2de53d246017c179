import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { asAtelierError, AtelierError } from '../errors.ts'
import type { BrowserFrame } from '../ides/ide.ts'
import { type ThrottledActivity, tunnelUses } from './activity.ts'
import { compressedAlone } from './compression.ts'
import type { Entry } from './entry.ts'
import { hasBody } from './exchange.ts'
import { relay, responseOn, switchingProtocols } from './upgrade-answers.ts'
import type { Failures } from './failures.ts'
import { EarlyBytes, type Handshake, shakeHands } from './handshake.ts'
import type { Client, Peers } from './parts.ts'
import { Tries, type WaitTimes } from './tries.ts'
import { Tunnel } from './tunnel.ts'

/** Time limits of upgrades, in milliseconds. */
export interface UpgradeTimes {
  /** How long an IDE may take to answer an upgrade. */
  readonly handshakeMs: number
  /** How long one side of a tunnel may stay open after the other ended. */
  readonly lingerMs: number
}

/** True if this is a request for a WebSocket and nothing else (RFC 6455, 4.1); a body could smuggle a request. */
export function isWebSocketUpgrade({
  method,
  headers,
}: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && !hasBody({ headers })
}

/**
 * Upgrades: after the IDE's own 101 a raw tunnel between browser and IDE, so that subprotocols, compression, pings and
 * close codes are the IDE's own.
 */
export class Upgrades {
  readonly #activity: ThrottledActivity
  readonly #times: UpgradeTimes
  readonly #clientOf: (request: IncomingMessage) => Client
  readonly #enter: (request: IncomingMessage) => Promise<Entry>
  readonly #failures: Failures
  readonly #peers: Peers
  readonly #waitTimes: WaitTimes
  /** Everything that is open, by the session it belongs to. */
  readonly #open = new Map<{ destroy(): void }, string>()
  #stopped = false

  constructor(parts: {
    activity: ThrottledActivity
    failures: Failures
    times: UpgradeTimes
    peers: Peers
    waitTimes: WaitTimes
    clientOf: (request: IncomingMessage) => Client
    /** Lets the upgrade in or throws. */
    enter: (request: IncomingMessage) => Promise<Entry>
  }) {
    this.#activity = parts.activity
    this.#times = parts.times
    this.#clientOf = parts.clientOf
    this.#enter = parts.enter
    this.#failures = parts.failures
    this.#peers = parts.peers
    this.#waitTimes = parts.waitTimes
  }

  /** Takes the browser's socket over and answers on it; `head` is what it sent behind the request. */
  async accept(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    // Whatever the error, 'close' comes next.
    socket.on('error', () => {})
    const left = new AbortController()
    const early = new EarlyBytes({
      socket,
      head,
      onLeft: () => left.abort(new AtelierError('CLIENT_GONE')),
    })
    early.start()
    let entry: Entry | undefined
    try {
      const tries = new Tries({ peers: this.#peers, times: this.#waitTimes })
      entry = await this.#enter(request)
      // From here on: also while it waits for an answer.
      const leave = entry.admission?.follow(() => socket.destroy())
      if (leave !== undefined) socket.once('close', leave)
      let handshake = await this.#try(request, entry, left, tries)
      while (handshake === undefined) {
        entry = await this.#enter(request)
        handshake = await this.#try(request, entry, left, tries)
      }
      const chunks = early.finish()
      const { response } = handshake
      const headers = entry.target.responseHeaders(response.headers, request.headers.host)
      if (handshake.kind === 'declined') relay(response, headers, responseOn(socket, request))
      else {
        const answer = switchingProtocols(compressedAlone(headers))
        this.#join(entry, socket, chunks, handshake, answer)
      }
    } catch (error) {
      early.finish()
      this.#failures.tell(request, responseOn(socket, request), error, entry?.target)
    }
  }

  /** Closes the tunnels of one session. */
  close(sessionId: string): void {
    for (const [tunnel, id] of this.#open) {
      if (id === sessionId) tunnel.destroy()
    }
  }

  /** Closes all tunnels and opens no more. */
  stop(): void {
    this.#stopped = true
    for (const tunnel of this.#open.keys()) tunnel.destroy()
  }

  /** The answer of IDE or node; undefined if the node did not take the upgrade and it is worth another try. */
  async #try(
    request: IncomingMessage,
    entry: Entry,
    left: AbortController,
    tries: Tries,
  ): Promise<Handshake | undefined> {
    const { target, session } = entry
    if (target.peer === undefined) return this.#shakeHands(request, entry, left)
    try {
      const handshake = await this.#shakeHands(request, entry, left)
      const { statusCode = 0, headers } = handshake.response
      const refusal = target.refusalOf?.(statusCode, headers)
      if (refusal === undefined) return handshake
      handshake.response.destroy()
      throw refusal
    } catch (thrown) {
      await tries.again(asAtelierError(thrown), {
        sessionId: session.id,
        target,
        signal: left.signal,
      })
      return undefined
    }
  }

  async #shakeHands(
    request: IncomingMessage,
    { path, target, session }: Entry,
    left: AbortController,
  ): Promise<Handshake> {
    left.signal.throwIfAborted()
    if (this.#stopped) throw new AtelierError('IDE_UNREACHABLE')
    const limit = setTimeout(
      () => left.abort(new AtelierError('IDE_TIMEOUT')),
      this.#times.handshakeMs,
    )
    const pending = { destroy: () => left.abort(new AtelierError('IDE_UNREACHABLE')) }
    this.#open.set(pending, session.id)
    try {
      const socket = await target.connect()
      return await shakeHands({
        socket,
        path,
        headers: {
          ...target.requestHeaders(request, this.#clientOf(request), session.id),
          connection: 'Upgrade',
          upgrade: 'websocket',
        },
        signal: left.signal,
      })
    } finally {
      clearTimeout(limit)
      this.#open.delete(pending)
    }
  }

  #join(
    { session: { id }, signs, rest: path, admission }: Entry,
    browser: Socket,
    early: readonly Buffer[],
    { socket, head }: Extract<Handshake, { kind: 'upgraded' }>,
    answer: Buffer,
  ): void {
    const isUse = (frame: BrowserFrame): boolean => signs?.isUseFrame(frame) === true
    const onUsed = admission && (() => admission.used())
    const uses = signs && tunnelUses({ id, path, isUse, activity: this.#activity, onUsed })
    const tunnel = new Tunnel({
      browser,
      ide: socket,
      lingerMs: this.#times.lingerMs,
      onBrowserData: uses && ((chunk) => uses.take(chunk)),
      onClosed: () => void this.#open.delete(tunnel),
    })
    this.#open.set(tunnel, id)
    browser.write(answer)
    browser.write(head)
    for (const chunk of early) {
      uses?.take(chunk)
      socket.write(chunk)
    }
    tunnel.start()
  }
}
