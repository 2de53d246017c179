import { type BrowserFrame, FRAME_START_BYTES } from '../ides/ide.ts'
import { inflateStart } from './compression.ts'
import { FrameReader } from './frame-reader.ts'
import type { Activity } from './parts.ts'

const ONCE_PER_MS = 1000

/** Passes uses of sessions on, at most once a second for each, as there may be thousands of requests. */
export class ThrottledActivity implements Activity {
  readonly #activity: Activity
  readonly #toldAt = new Map<string, number>()

  constructor({ activity }: { activity: Activity }) {
    this.#activity = activity
  }

  used(id: string): void {
    if (!this.isDue(id)) return
    this.#toldAt.set(id, performance.now())
    this.#activity.used(id)
  }

  /** False within a second of the last use of the session that was passed on. */
  isDue(id: string): boolean {
    return performance.now() - (this.#toldAt.get(id) ?? -Infinity) >= ONCE_PER_MS
  }

  /** Forgets a session that is gone. */
  forget(id: string): void {
    this.#toldAt.delete(id)
  }
}

/** Reads along what a browser sends on one WebSocket, and tells of its use. */
export function tunnelUses(parts: {
  readonly id: string
  /** As the IDE sees it without any prefix. */
  readonly path: string
  readonly isUse: (frame: BrowserFrame) => boolean
  readonly activity: ThrottledActivity
  /** Called for each use that is told. */
  readonly onUsed?: (() => void) | undefined
}): FrameReader {
  const { id, path, activity } = parts
  return new FrameReader({
    startBytes: FRAME_START_BYTES,
    onFrame: ({ compressed, length, start }) => {
      if (!activity.isDue(id)) return
      const inflated = compressed ? inflateStart(start) : undefined
      const frame = {
        path,
        compressed: compressed && inflated === undefined,
        length,
        start: inflated?.subarray(0, 8 * FRAME_START_BYTES) ?? start,
      }
      if (!parts.isUse(frame)) return
      activity.used(id)
      parts.onUsed?.()
    },
  })
}
