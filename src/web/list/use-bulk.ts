import { useEffect, useRef, useState } from 'react'
import { ApiError } from '../api/api.ts'
import { inParallel } from '../api/in-parallel.ts'
import { showProblem } from '../shell/show-problem.ts'
import type { Bulk, Item } from './bulk.ts'

/** An item for which a bulk action failed, and the server's sentence about it. */
export interface BulkFailure<T> {
  readonly item: T
  readonly message: string
}

/** How far a bulk action is. */
export interface BulkRun<T, A extends string> {
  readonly action: A
  readonly total: number
  readonly done: number
  readonly failures: readonly BulkFailure<T>[]
}

// The limit of requests is counted by the minute.
const WAIT_MS = 5000
const WAITS_MOST = 15
// A few at a time: each is a change in the database, and others use the server too.
const AT_ONCE = 4

/** Does something with several items; failures are told here when nobody looks at the run any more. */
export function useBulk<T extends Item, A extends string>(
  bulk: Bulk<T, A>,
): {
  run: BulkRun<T, A> | null
  start: (action: A, targets: readonly T[]) => Promise<BulkRun<T, A>>
  leave: () => void
} {
  const [run, setRun] = useState<BulkRun<T, A> | null>(null)
  const watched = useRef(false)
  useEffect(() => () => void (watched.current = false), [])

  const start = async (action: A, targets: readonly T[]): Promise<BulkRun<T, A>> => {
    let now: BulkRun<T, A> = { action, total: targets.length, done: 0, failures: [] }
    const show = (next: BulkRun<T, A>): void => {
      now = next
      if (watched.current) setRun(next)
    }
    watched.current = true
    show(now)
    await inParallel(targets, AT_ONCE, async (item) => {
      // It may have ended since it was selected.
      const failure = bulk.isMeant(action, bulk.latest(item))
        ? await failureOf(() => patiently(() => bulk.act(action, item)))
        : null
      const failures =
        failure === null ? now.failures : [...now.failures, { item, message: failure }]
      show({ ...now, done: now.done + 1, failures })
    })
    if (!watched.current && now.failures.length > 0) {
      const names = now.failures.map(({ item, message }) => `${bulk.labelOf(item)}: ${message}`)
      showProblem(`${names.length} of ${now.total} failed`, new Error(names.join(' ')))
    }
    return now
  }
  const leave = (): void => {
    watched.current = false
    setRun(null)
  }
  return { run, start, leave }
}

/** Works, again while the server answers that too much was asked of it. */
async function patiently(work: () => Promise<void>): Promise<void> {
  for (let waits = 0; ; waits += 1) {
    try {
      return await work()
    } catch (error) {
      const busy = error instanceof ApiError && error.status === 429
      if (!busy || waits === WAITS_MOST) throw error
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS))
    }
  }
}

async function failureOf(work: () => Promise<void>): Promise<string | null> {
  try {
    await work()
    return null
  } catch (error) {
    return error instanceof Error ? error.message : 'It failed for a reason that is not known.'
  }
}
