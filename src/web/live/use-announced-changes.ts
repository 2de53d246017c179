import { useState } from 'react'
import type { JobView } from '../api/job-view.ts'
import type { SessionView } from '../api/session-view.ts'
import { labelOf } from '../ides/ide-look.ts'

/** A sentence for screen readers about what has changed in a list since the last call, in the words of `changesOf`. */
export function useAnnouncedChanges<T>(
  items: readonly T[] | undefined,
  changesOf: (before: readonly T[], now: readonly T[]) => string,
): string {
  const [known, setKnown] = useState(items)
  const [text, setText] = useState('')
  if (items !== known) {
    setKnown(items)
    const changes = known === undefined || items === undefined ? '' : changesOf(known, items)
    if (changes !== '') setText(changes)
  }
  return text
}

/** What to say of the sessions whose state has changed. */
export function changedStates(before: readonly SessionView[], now: readonly SessionView[]): string {
  const states = new Map(before.map(({ id, state }) => [id, state]))
  return now
    .filter(({ id, state }) => states.has(id) && states.get(id) !== state)
    .map((session) => `${labelOf(session)} is now ${session.state}.`)
    .join(' ')
}

/** What to say of the jobs whose state has changed. */
export function changedJobs(before: readonly JobView[], now: readonly JobView[]): string {
  const states = new Map(before.map(({ id, state }) => [id, state]))
  return now
    .filter(({ id, state }) => states.has(id) && states.get(id) !== state)
    .map(({ name, state }) => `${name} is now ${state}.`)
    .join(' ')
}
