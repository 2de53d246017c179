import { useState } from 'react'
import type { SessionView } from '../api/session-view.ts'
import { labelOf } from '../ides/ide-look.ts'

/** A sentence for screen readers about the sessions whose state has changed since the last call. */
export function useAnnouncedChanges(sessions: readonly SessionView[] | undefined): string {
  const [known, setKnown] = useState(sessions)
  const [text, setText] = useState('')
  if (sessions !== known) {
    setKnown(sessions)
    const changes = changedStates(known ?? [], sessions ?? [])
    if (changes !== '') setText(changes)
  }
  return text
}

function changedStates(before: readonly SessionView[], now: readonly SessionView[]): string {
  const states = new Map(before.map(({ id, state }) => [id, state]))
  return now
    .filter(({ id, state }) => states.has(id) && states.get(id) !== state)
    .map((session) => `${labelOf(session)} is now ${session.state}.`)
    .join(' ')
}
