import { setTimeout as delay } from 'node:timers/promises'

const RETRY_MS = 500

/**
 * Takes every item of a stream of the Launcher until `signal`, and opens it again whenever it ends, as it does when the
 * Launcher restarts. Never throws: that the Launcher is away is told where it matters, when a session is started.
 */
export async function follow<T>(
  open: (signal: AbortSignal) => AsyncIterable<T>,
  take: (item: T) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const item of open(signal)) take(item)
    } catch {
      // The stream broke; it is opened again below.
    }
    await delay(RETRY_MS, undefined, { signal }).catch(() => undefined)
  }
}
