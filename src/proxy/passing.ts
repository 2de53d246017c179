import type { IncomingMessage, ServerResponse } from 'node:http'
import { AtelierError } from '../errors.ts'
import type { Entry } from './entry.ts'
import { type Exchange, hasBody } from './exchange.ts'
import { nodeUnreachable } from './node-errors.ts'
import { giveUpIfCut } from './give-up-if-cut.ts'
import type { Peers } from './parts.ts'
import { asToldOf, Tries, type WaitTimes } from './tries.ts'

/** A body of up to so many bytes is read before its request is passed on, so that it can be sent again. */
const REPEATABLE_BYTES = 64 * 1024

/** A request that was let in, and what is done with it each time it is tried. */
export interface Passing {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Where it goes first. */
  readonly entry: Entry
  /** Lets it in once more, as everything may be different by now. */
  readonly enter: () => Entry | Promise<Entry>
  /**
   * The exchange of one try, not started; a `body` that was read already is to be sent instead of the request's. It tells
   * by itself what goes wrong on the way to a session that is here by now.
   */
  readonly exchange: (
    entry: Entry,
    body: Buffer | undefined,
    onFailed: (error: AtelierError) => void,
  ) => Exchange
}

/** Requests on their way to the nodes that hold their sessions. */
export class PassedRequests {
  readonly #peers: Peers
  readonly #times: WaitTimes
  /** Those that are not answered to the end, by session. */
  readonly #open = new Map<ServerResponse, string>()

  constructor(parts: { peers: Peers; times: WaitTimes }) {
    this.#peers = parts.peers
    this.#times = parts.times
  }

  /**
   * Passes the request on, and again for as long as the node is being restarted or the session has moved, provided that
   * nothing can have reached the IDE. Resolves when it is answered or the browser has left; throws what is to be told.
   */
  async pass(passing: Passing): Promise<void> {
    const { request, response } = passing
    if (response.destroyed) return
    const body = hasBody(request) ? await repeatableBody(request) : undefined
    let tries: Tries | undefined
    let gone: AbortSignal | undefined
    for (let { entry } = passing; ; entry = await passing.enter()) {
      // Not while it waits: what makes it try again, as that the session has moved, may close what leads to the old place.
      this.#open.set(response, entry.session.id)
      const failed = await attempt(passing, entry, body)
      this.#open.delete(response)
      if (failed === undefined) return
      const { target, session } = entry
      const error = asErrorOf(entry, failed)
      const isRepeatable = !failed.isSent || body !== undefined || !hasBody(request)
      if (!isRepeatable) throw asToldOf(target, error)
      // Most requests need neither.
      tries ??= new Tries({ peers: this.#peers, times: this.#times })
      gone ??= goneSignal(response)
      await tries.again(error, { sessionId: session.id, target, signal: gone })
    }
  }

  /** Cuts off the requests of one session: it has ended, or its owner may no longer use it. */
  close(sessionId: string): void {
    for (const [response, id] of this.#open) if (id === sessionId) response.destroy()
  }
}

/** What went wrong with one try; undefined when the browser was answered, or has left. */
function attempt(
  { response, exchange }: Passing,
  entry: Entry,
  body: Buffer | undefined,
): Promise<Failed | undefined> {
  return new Promise((resolve) => {
    let stopLooking = (): void => undefined
    const onClosed = (): void => {
      stopLooking()
      resolve(undefined)
    }
    response.once('close', onClosed)
    const begun = exchange(entry, body, (error) => {
      response.off('close', onClosed)
      stopLooking()
      resolve({ error, isSent: begun.isSent })
    })
    stopLooking = giveUpIfCut(begun)
    begun.start()
  })
}

/** Aborted when the browser leaves. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  const leave = (): void => gone.abort(new AtelierError('CLIENT_GONE'))
  if (response.destroyed) leave()
  else response.once('close', leave)
  return gone.signal
}

interface Failed {
  readonly error: AtelierError
  readonly isSent: boolean
}

// Of whatever kept the request from being sent, the node is away.
function asErrorOf(
  { target: { peer }, session: { isJob } }: Entry,
  { error, isSent }: Failed,
): AtelierError {
  if (peer === undefined || isSent || error.code === 'CLIENT_GONE') return error
  return nodeUnreachable(peer.name, peer.since, error.cause, isJob)
}

/** The request's body if it is short and its length is known; undefined if there is none, or it is to be streamed. */
async function repeatableBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const length = request.headers['content-length']
  if (length === undefined || Number(length) > REPEATABLE_BYTES) return
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer)
  } catch (cause) {
    throw new AtelierError('CLIENT_GONE', undefined, { cause })
  }
  return Buffer.concat(chunks)
}
