import { setTimeout as delay } from 'node:timers/promises'
import { AtelierError } from '../errors.ts'
import type { Exchange } from './exchange.ts'

/** An answer may take as long as it likes; only whether the node can be reached at all is looked at this often. */
const LOOK_EVERY_MS = 3000

/**
 * Gives up a request that waits for a node to which no connection can be made any more: where a network is cut, what was sent
 * is repeated by the system for a quarter of an hour. Resolves when the request is answered, given up, or `signal` aborted.
 */
export async function giveUpIfCut(
  exchange: Pick<Exchange, 'target' | 'isEnded' | 'giveUp'>,
  signal: AbortSignal,
  lookEveryMs = LOOK_EVERY_MS,
): Promise<void> {
  const { target } = exchange
  if (target.peer === undefined) return
  for (;;) {
    await delay(lookEveryMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted || exchange.isEnded) return
    try {
      const socket = await target.connect()
      socket.destroy()
    } catch (cause) {
      // As for an answer that broke off: it may have reached the IDE, so that it is not sent again.
      exchange.giveUp(new AtelierError('IDE_UNREACHABLE', undefined, { cause }))
      return
    }
  }
}
