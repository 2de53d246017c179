import { mkdirSync } from 'node:fs'
import { dataLock } from './data-lock.ts'
import type { StartContext, Stops } from './start-context.ts'

/**
 * Starts parts with `start`, alone on the data directory, and stops them in reverse when the signal comes. Throws, with
 * everything stopped again, when `start` does.
 */
export async function runUntilStopped(
  { live, log, say, signal }: StartContext,
  start: (stops: Stops) => Promise<void>,
): Promise<void> {
  mkdirSync(live.config.data.directory, { recursive: true, mode: 0o755 })
  const lock = dataLock(live.config)
  await lock.acquire()
  const stops: Stops = []
  try {
    await start(stops)
    if (!signal.aborted) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    }
    say('Stopping. Sessions keep running and are there again at the next start.')
  } finally {
    for (const stop of stops.reverse()) {
      await stop().catch((error: unknown) => log.error({ err: error }, 'a part did not stop'))
    }
    await lock.release()
  }
}
