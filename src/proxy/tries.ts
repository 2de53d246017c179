import { setTimeout as delay } from 'node:timers/promises'
import type { AtelierError } from '../errors.ts'
import { nodeUnreachable } from './node-errors.ts'
import type { Peers } from './parts.ts'
import type { Target } from './target.ts'

/** How long a request waits for a node that takes none, in milliseconds. */
export interface WaitTimes {
  /** From one try to the next: between one and two of these, so that those who wait do not come all at once. */
  readonly pauseMs: number
  /** Altogether. */
  readonly longestMs: number
}

/** What went wrong on the way to another node, as far as it decides what to do next. */
export type Setback =
  /** The node does not hold the session. */
  | 'moved'
  /** The node takes no requests, as it is just being restarted. */
  | 'away'
  /** All else: the request may have reached the IDE. */
  | 'failed'

/** The setback behind an error of a try. */
export function setbackOf({ code }: AtelierError): Setback {
  if (code === 'SESSION_MOVED') return 'moved'
  return code === 'NODE_STOPPING' || code === 'NODE_UNREACHABLE' ? 'away' : 'failed'
}

/** What to do after a setback: read the session anew, wait a moment, or tell the browser. */
export function afterSetback(
  setback: Setback,
  so: { readonly moves: number; readonly waitedMs: number; readonly longestMs: number },
): 'refresh' | 'wait' | 'tell' {
  if (setback === 'moved' && so.moves === 0) return 'refresh'
  return setback === 'away' && so.waitedMs < so.longestMs ? 'wait' : 'tell'
}

/** The tries of one request to reach the node that holds its session, from the first one that failed. */
export class Tries {
  readonly #peers: Peers
  readonly #times: WaitTimes
  #moves = 0
  #since: number | undefined

  constructor(parts: { peers: Peers; times: WaitTimes }) {
    this.#peers = parts.peers
    this.#times = parts.times
  }

  /**
   * Resolves when it is worth another try after `error`; nothing of the request may have reached the IDE. Throws what is
   * to be told if it is not, or the reason of `signal`.
   */
  async again(
    error: AtelierError,
    on: { readonly sessionId: string; readonly target: Target; readonly signal: AbortSignal },
  ): Promise<void> {
    this.#since ??= performance.now()
    const next = afterSetback(setbackOf(error), {
      moves: this.#moves,
      waitedMs: performance.now() - this.#since,
      longestMs: this.#times.longestMs,
    })
    if (next === 'tell') throw asToldOf(on.target, error)
    if (next === 'wait') {
      const pause = this.#times.pauseMs * (1 + Math.random())
      await delay(pause, undefined, { signal: on.signal }).catch(() => undefined)
    } else {
      this.#moves += 1
      await this.#peers.refresh(on.sessionId)
    }
    on.signal.throwIfAborted()
  }
}

/** The error as it is told when a node was to answer: whatever went wrong on the way is the node's, not the IDE's. */
export function asToldOf({ peer }: Target, error: AtelierError): AtelierError {
  if (peer === undefined || (error.code !== 'IDE_UNREACHABLE' && error.code !== 'IDE_TIMEOUT')) {
    return error
  }
  return nodeUnreachable(peer.name, peer.since, error.cause)
}
