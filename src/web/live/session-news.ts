import type { SessionView } from '../api/session-view.ts'
import { labelOf } from '../ides/ide-look.ts'

/** A piece of news worth a notification. */
export interface SessionNews {
  readonly title: string
  readonly body: string
  /** Where to look. */
  readonly url: string
}

/** What to tell about a session that was known as `before` and is `now`: that it became ready, failed, was lost or came back; else null. */
export function newsOf(before: SessionView | undefined, now: SessionView): SessionNews | null {
  if (before === undefined || before.state === now.state) return null
  const label = labelOf(now)
  if (now.state === 'Active' && before.state === 'Starting') {
    return { title: `${label} is ready`, body: 'Open it from here.', url: now.url }
  }
  if (before.state === 'Lost' && (now.state === 'Active' || now.state === 'Idle')) {
    return { title: `${label} is back`, body: 'Its server answers again.', url: now.url }
  }
  if (now.state === 'Lost') {
    const body = `Its server ${now.node} is lost. You can start it again elsewhere.`
    return { title: `${label} is lost`, body, url: `/sessions/${now.id}` }
  }
  if (now.state === 'Failed') {
    const body = now.reason ?? 'Its page has the last lines of its log.'
    return { title: `${label} failed`, body, url: `/sessions/${now.id}` }
  }
  return null
}
