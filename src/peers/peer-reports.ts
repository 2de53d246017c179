import type { Member, Membership } from '../../cluster/index.ts'
import { follow } from '../sessions/follow.ts'
import { sessionReport, type SessionReports } from '../sessions/session-reports.ts'
import type { PeerClient } from './peer-client.ts'

/** Follows what each other member tells of the sessions that it holds, for as long as it is a member. */
export class PeerReports {
  readonly #membership: Membership
  readonly #client: Pick<PeerClient, 'lines'>
  readonly #reports: SessionReports
  readonly #followed = new Map<string, { readonly url: string; readonly end: AbortController }>()
  readonly #following = new Set<Promise<void>>()
  #stopped = false

  constructor(parts: {
    membership: Membership
    client: Pick<PeerClient, 'lines'>
    reports: SessionReports
  }) {
    this.#membership = parts.membership
    this.#client = parts.client
    this.#reports = parts.reports
  }

  /** Follows those who are here from now on. */
  start(): void {
    const look = () => this.#look()
    for (const event of ['join', 'update', 'restart', 'leave', 'fail'] as const) {
      this.#membership.on(event, look)
    }
    look()
  }

  /** Follows nobody any more. */
  async stop(): Promise<void> {
    this.#stopped = true
    for (const { end } of this.#followed.values()) end.abort()
    await Promise.all(this.#following)
  }

  #look(): void {
    if (this.#stopped) return
    const local = this.#membership.local.name
    const here = this.#membership
      .members()
      .filter(({ name, state }) => name !== local && state !== 'failed')
    const urls = new Map(here.map(({ name, url }) => [name, url]))
    for (const [name, { url, end }] of this.#followed) {
      if (urls.get(name) === url) continue
      end.abort()
      this.#followed.delete(name)
    }
    for (const member of here) if (!this.#followed.has(member.name)) this.#follow(member)
  }

  #follow({ name, url }: Member): void {
    const end = new AbortController()
    this.#followed.set(name, { url, end })
    const following = follow(
      (signal) => this.#client.lines({ name, url }, '/peer/v1/reports', signal),
      (told) => {
        const { data } = sessionReport.safeParse(told)
        if (data !== undefined) this.#reports.take(name, data)
      },
      end.signal,
    ).finally(() => this.#following.delete(following))
    this.#following.add(following)
  }
}
