import { AtelierError, systemCode } from '../errors.ts'
import type { Exchange } from './exchange.ts'

/** An answer may take as long as it likes; only whether the node can be reached at all is looked at this often. */
const LOOK_EVERY_MS = 3000

/**
 * Gives up a request that waits for a node to which no connection can be made any more: where a network is cut, what was sent
 * is repeated by the system for a quarter of an hour. Answers what ends looking.
 */
export function giveUpIfCut(
  exchange: Pick<Exchange, 'target' | 'isEnded' | 'giveUp'>,
  lookEveryMs = LOOK_EVERY_MS,
): () => void {
  const { target } = exchange
  if (target.peer === undefined) return () => undefined
  let stopped = false
  const look = async (): Promise<void> => {
    if (exchange.isEnded) return
    try {
      const socket = await target.connect()
      socket.destroy()
      if (!stopped) timer = setTimeout(() => void look(), lookEveryMs)
    } catch (cause) {
      if (isRefused(cause)) {
        if (!stopped) timer = setTimeout(() => void look(), lookEveryMs)
        return
      }
      // As for an answer that broke off: it may have reached the IDE, so that it is not sent again.
      if (!stopped) exchange.giveUp(new AtelierError('IDE_UNREACHABLE', undefined, { cause }))
    }
  }
  let timer = setTimeout(() => void look(), lookEveryMs)
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}

/** True if the host itself has answered: it may be finishing this very request before it ends. */
function isRefused(error: unknown): boolean {
  const reason = error instanceof AtelierError ? error.cause : error
  return ['ECONNREFUSED', 'ECONNRESET'].includes(systemCode(reason) ?? '')
}
