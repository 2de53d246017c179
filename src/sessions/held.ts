import type { Session } from './session.ts'

/** What only the node can answer for that holds it: a session, or what a job of that node has printed. */
export type Held = Pick<Session, 'id' | 'node' | 'state' | 'stateAt'> & { readonly isJob?: true }
