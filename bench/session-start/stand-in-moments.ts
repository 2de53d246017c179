import { join } from 'node:path'

/** The file in which the stand-in IDE of a session notes its moments, as milliseconds since 1970. */
export function standInMoments(directory: string, session: string): string {
  return join(directory, `${session}.json`)
}

/** When the IDE's program was executed, and when it could answer. */
export interface Moments {
  readonly executed: number
  readonly answering: number
}

/** Moments of one start; `clicked` is when the request was sent, `active` when the event came that it can be used. */
export interface Start extends Moments {
  readonly clicked: number
  readonly active: number
}

/** What a start costs beyond the IDE's own time from its execution until it can answer, in ms, and in which part. */
export function overhead({ clicked, executed, answering, active }: Start): {
  readonly total: number
  /** From the click until the IDE's program runs. */
  readonly before: number
  /** From the IDE's first possible answer until the browser knows. */
  readonly after: number
} {
  const [before, after] = [executed - clicked, active - answering]
  return { total: before + after, before, after }
}
