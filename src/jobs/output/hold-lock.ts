import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../../log.ts'
import { tryLock, type HeldLock } from '../../process-lock.ts'

const AGAIN_MS = 500

/**
 * Waits for a lock, as of a process of the same node that has not quite ended, and answers it; undefined once `signal` is
 * aborted. What keeps it from being tried is logged once.
 */
export async function holdLock(
  file: string,
  { signal, log }: { readonly signal: AbortSignal; readonly log: Log },
): Promise<HeldLock | undefined> {
  let isTold = false
  while (!signal.aborted) {
    try {
      const lock = await tryLock(file)
      if (lock !== undefined) return lock
    } catch (error) {
      if (!isTold) log.error({ err: error, file }, 'what jobs print cannot be stored')
      isTold = true
    }
    await delay(AGAIN_MS, undefined, { signal }).catch(() => undefined)
  }
  return undefined
}
