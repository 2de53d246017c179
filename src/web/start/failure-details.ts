import type { Me, SessionView } from '../api/session-view.ts'

/** All that is known about a failed session, as text for a message to whoever can help. */
export function failureDetails(session: SessionView, me: Me | undefined, log: string): string {
  return [
    `Atelier ${me?.version ?? ''} on ${me?.host ?? 'an unknown server'}`.replace('  ', ' '),
    `Session ${session.id} (${session.ide})${session.name === null ? '' : `: ${session.name}`}`,
    `State: ${session.state} since ${session.stateAt}, created ${session.createdAt}`,
    `Reason: ${session.reason ?? 'not told'}`,
    '',
    log === '' ? 'No log.' : log,
  ].join('\n')
}
