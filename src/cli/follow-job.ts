import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { ApiClient } from './api-client.ts'
import { isPassing } from './own-jobs.ts'
import { serverEvents } from './server-events.ts'

const AGAIN_MS = 500

const outputEvent = z.object({
  to: z.int(),
  pieces: z.array(z.object({ type: z.string(), text: z.string() })),
})
const sizeEvent = z.object({ bytes: z.int(), complete: z.boolean() })

/** What follows a job's output. */
export interface JobFollower {
  readonly client: Pick<ApiClient, 'open'>
  readonly id: string
  /** The first byte that is wanted. */
  readonly from: number
  /** `now` ends with what there is; `end` with the job. */
  readonly until: 'now' | 'end'
  /** Writes one piece, and resolves when more may come. */
  readonly write: (type: 'stdout' | 'stderr', text: string) => Promise<void>
  readonly signal: AbortSignal
}

/**
 * Writes what a job prints, each byte once: a connection that breaks is made again, where it was, for as long as it takes.
 * Throws CommandFailure if the output cannot be had at all.
 */
export async function followJob(parts: JobFollower): Promise<void> {
  const place = { at: parts.from }
  for (;;) {
    try {
      if (await followOnce(parts, place)) return
    } catch (error) {
      if (parts.signal.aborted || !(isPassing(error) || isBroken(error))) throw error
    }
    await delay(AGAIN_MS, undefined, { signal: parts.signal })
  }
}

/** True when there is no more; false when the connection ended before. */
async function followOnce(
  { client, id, until, write, signal }: JobFollower,
  place: { at: number },
): Promise<boolean> {
  const path = `/api/v1/jobs/${encodeURIComponent(id)}/output/events?from=${place.at}`
  const ended = new AbortController()
  try {
    const response = await client.open(path, AbortSignal.any([signal, ended.signal]))
    let last = Infinity
    for await (const { event, data } of serverEvents(response)) {
      if (event === 'end') return true
      if (event === 'size') {
        const { bytes } = sizeEvent.parse(JSON.parse(data))
        if (until === 'now') last = Math.min(last, bytes)
      }
      if (event === 'output') {
        const { to, pieces } = outputEvent.parse(JSON.parse(data))
        for (const { type, text } of pieces) {
          await write(type === 'stderr' ? 'stderr' : 'stdout', text)
        }
        place.at = to
      }
      if (place.at >= last) return true
    }
    return false
  } finally {
    ended.abort()
  }
}

/** True for what fetch throws when the body of an answer breaks off. */
function isBroken(error: unknown): boolean {
  return error instanceof TypeError
}
