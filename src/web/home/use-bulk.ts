import { useEffect, useRef, useState } from 'react'
import { ApiError } from '../api/api.ts'
import { inParallel } from '../api/in-parallel.ts'
import { useServices } from '../api/services.tsx'
import type { SessionView } from '../api/session-view.ts'
import { labelOf } from '../ides/ide-look.ts'
import { showProblem } from '../shell/show-problem.ts'
import { isMeant, type BulkAction } from './bulk-action.ts'

/** A session for which a bulk action failed, and the server's sentence about it. */
export interface BulkFailure {
  readonly session: SessionView
  readonly message: string
}

/** How far a bulk action is. */
export interface BulkRun {
  readonly action: BulkAction
  readonly total: number
  readonly done: number
  readonly failures: readonly BulkFailure[]
}

// The limit of requests is counted by the minute.
const WAIT_MS = 5000
const WAITS_MOST = 15
// A few at a time: each is a change in the database, and others use the server too.
const AT_ONCE = 4

/** Does something with several sessions; failures are told here when nobody looks at the run any more. */
export function useBulk(): {
  run: BulkRun | null
  start: (action: BulkAction, targets: readonly SessionView[]) => Promise<BulkRun>
  leave: () => void
} {
  const { api, cache } = useServices()
  const [run, setRun] = useState<BulkRun | null>(null)
  const watched = useRef(false)
  useEffect(() => () => void (watched.current = false), [])

  const start = async (action: BulkAction, targets: readonly SessionView[]): Promise<BulkRun> => {
    let now: BulkRun = { action, total: targets.length, done: 0, failures: [] }
    const show = (next: BulkRun): void => {
      now = next
      if (watched.current) setRun(next)
    }
    watched.current = true
    show(now)
    await inParallel(targets, AT_ONCE, async (session) => {
      // It may have ended since it was selected.
      const failure = isMeant(action, cache.known(session.id) ?? session)
        ? await failureOf(() => end(action, session))
        : null
      const failures =
        failure === null ? now.failures : [...now.failures, { session, message: failure }]
      show({ ...now, done: now.done + 1, failures })
    })
    if (!watched.current && now.failures.length > 0) showProblem(...problemOf(now))
    return now
  }
  const end = async (action: BulkAction, { id }: SessionView): Promise<void> => {
    const path = `/sessions/${id}${action === 'force' ? '?force=true' : ''}`
    const answer = await patiently(() => api.request<SessionView | null>('DELETE', path))
    await (answer === null ? cache.remove(id) : cache.apply(answer))
  }
  const leave = (): void => {
    watched.current = false
    setRun(null)
  }
  return { run, start, leave }
}

/** The answer, asked for again while the server answers that too much was asked of it. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let waits = 0; ; waits += 1) {
    try {
      return await ask()
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

function problemOf({ failures, total }: BulkRun): [title: string, error: Error] {
  const names = failures.map(({ session, message }) => `${labelOf(session)}: ${message}`)
  return [`${failures.length} of ${total} failed`, new Error(names.join(' '))]
}
