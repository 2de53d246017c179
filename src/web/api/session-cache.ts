import type { QueryClient, QueryKey } from '@tanstack/react-query'
import type { NoticeJson } from '../../control/notice-json.ts'
import type { IdeStatus } from '../../ides/ide.ts'
import { newerOf, withoutSession, withSession, withUsage } from './session-list.ts'
import type { SessionUsage, SessionView } from './session-view.ts'

/** The keys under which answers of the API are kept. */
export const KEYS = {
  me: ['me'],
  ides: ['ides'],
  versions: ['versions'],
  profiles: ['profiles'],
  limits: ['limits'],
  sessions: ['sessions'],
  session: (id: string) => ['session', id],
  ports: (id: string) => ['ports', id],
  tokens: ['tokens'],
  nodes: ['nodes'],
  notices: ['notices'],
  projects: ['projects'],
  nodeSessions: (name: string) => ['node-sessions', name],
} as const

/** Writes what actions and events tell into the query cache, so that no older answer overwrites it. */
export class SessionCache {
  readonly #queries: QueryClient

  constructor({ queries }: { queries: QueryClient }) {
    this.#queries = queries
  }

  /** Takes over a session, unless a newer version of it is known. */
  async apply(session: SessionView): Promise<void> {
    await this.#change(KEYS.sessions, (list: readonly SessionView[]) => withSession(list, session))
    this.#queries.setQueryData<SessionView>(KEYS.session(session.id), (known) =>
      newerOf(known, session),
    )
  }

  /** Forgets a session whose row is gone. */
  async remove(id: string): Promise<void> {
    await this.#change(KEYS.sessions, (list: readonly SessionView[]) => withoutSession(list, id))
    await this.#queries.invalidateQueries({ queryKey: KEYS.session(id) })
  }

  /** The newest view of a session that is known here. */
  known(id: string): SessionView | undefined {
    const list = this.#queries.getQueryData<readonly SessionView[]>(KEYS.sessions)
    return (
      list?.find((session) => session.id === id) ?? this.#queries.getQueryData(KEYS.session(id))
    )
  }

  /** Takes over what the sessions use. */
  usage(usage: readonly SessionUsage[]): void {
    this.#queries.setQueryData<readonly SessionView[]>(KEYS.sessions, (list) =>
      list === undefined ? undefined : withUsage(list, usage),
    )
  }

  /** Takes over the state of all IDEs. */
  ides(ides: readonly IdeStatus[]): void {
    this.#queries.setQueryData(KEYS.ides, ides)
  }

  /** Takes over what administrators tell everybody. */
  notices(notices: readonly NoticeJson[]): void {
    this.#queries.setQueryData(KEYS.notices, notices)
  }

  /** Reads again whatever is on the screen. */
  async refresh(): Promise<void> {
    await Promise.all([
      this.#queries.invalidateQueries({ queryKey: KEYS.ides }),
      this.#queries.invalidateQueries({ queryKey: KEYS.sessions }),
      this.#queries.invalidateQueries({ queryKey: ['session'] }),
    ])
  }

  // A read under way may have begun before the change: it is dropped and made again.
  async #change<T>(queryKey: QueryKey, change: (known: T) => T): Promise<void> {
    const reading = this.#queries.isFetching({ queryKey }) > 0
    if (reading) await this.#queries.cancelQueries({ queryKey })
    this.#queries.setQueryData<T>(queryKey, (known) =>
      known === undefined ? undefined : change(known),
    )
    if (reading) void this.#queries.invalidateQueries({ queryKey })
  }
}
