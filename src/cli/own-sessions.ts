import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { ApiClient } from './api-client.ts'
import { CommandFailure } from './failure.ts'

const POLL_MS = 300

// What else the API answers is passed on as it is.
const sessionBody = z.looseObject({
  id: z.string(),
  name: z.string().nullable(),
  ide: z.string(),
  url: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  node: z.string().nullish(),
  stateAt: z.string(),
  stopsAt: z.string().nullish(),
  keepUntil: z.string().nullish(),
})

const pageBody = z.object({ items: z.array(sessionBody), next: z.string().nullable() })

/** A session as the API answers it. */
export type OwnSession = z.infer<typeof sessionBody>

/** What a session is started with; what is left out is the usual. */
export interface WantedSession {
  readonly ide: string
  readonly name?: string
  readonly python?: string
  readonly r?: string
  readonly profile?: string
}

const portBody = z.looseObject({ port: z.int(), process: z.string(), url: z.string() })

/** A port of a session as the API answers it. */
export type OwnPort = z.infer<typeof portBody>

/** The sessions of the user that a client speaks for. */
export class OwnSessions {
  readonly #client: Pick<ApiClient, 'request'>

  constructor(options: { readonly client: Pick<ApiClient, 'request'> }) {
    this.#client = options.client
  }

  /** All of them, oldest first. */
  async list(): Promise<readonly OwnSession[]> {
    const sessions: OwnSession[] = []
    for (let next: string | null = ''; next !== null;) {
      const query = new URLSearchParams({ limit: '200', ...(next !== '' && { cursor: next }) })
      const answer = await this.#client.request('GET', `/api/v1/sessions?${query.toString()}`)
      const page: z.infer<typeof pageBody> = pageBody.parse(answer)
      sessions.push(...page.items)
      next = page.next
    }
    return sessions
  }

  /** The session with this id or, if there is just one, this name. */
  async find(idOrName: string): Promise<OwnSession> {
    const found = choose(await this.list(), idOrName)
    if (found.length > 1) {
      const ids = found.map(({ id }) => id).join(', ')
      throw new CommandFailure(
        'SESSION_AMBIGUOUS',
        `Several sessions are called ${idOrName}; say which by its id: ${ids}`,
      )
    }
    const [session] = found
    if (session) return session
    throw new CommandFailure(
      'SESSION_NOT_FOUND',
      `There is no session ${idOrName}. Those there are shows: atelier session list`,
    )
  }

  /** Starts a session; it is not ready yet. */
  async start(body: WantedSession): Promise<OwnSession> {
    const headers = { 'idempotency-key': randomUUID() }
    return sessionBody.parse(await this.#client.request('POST', '/api/v1/sessions', body, headers))
  }

  /** Waits until a session is no longer Starting; throws CommandFailure when it has failed or its server is lost. */
  async started(session: OwnSession, signal: AbortSignal): Promise<OwnSession> {
    let now = session
    while (now.state === 'Starting') {
      await delay(POLL_MS, undefined, { signal })
      now = sessionBody.parse(await this.#client.request('GET', `/api/v1/sessions/${now.id}`))
    }
    if (now.state === 'Failed') {
      const why = now.reason ?? 'for an unknown reason'
      throw new CommandFailure('SESSION_FAILED', `Session ${now.id} failed: ${why}`)
    }
    if (now.state === 'Lost') {
      throw new CommandFailure(
        'SESSION_LOST',
        `Session ${now.id} did not start: its server ${now.node ?? ''} is lost. It goes on if the server comes back; your sessions page can start it elsewhere.`,
      )
    }
    return now
  }

  /** Keeps a session until then whatever its limits, or no longer than them. */
  async keep({ id }: OwnSession, until: Date | null): Promise<OwnSession> {
    const body = { until: until?.toISOString() ?? null }
    return sessionBody.parse(await this.#client.request('PUT', `/api/v1/sessions/${id}/keep`, body))
  }

  /** The ports at which programs of a session listen now. */
  async ports({ id }: OwnSession): Promise<readonly OwnPort[]> {
    const answer = await this.#client.request('GET', `/api/v1/sessions/${id}/ports`)
    return z.object({ items: z.array(portBody) }).parse(answer).items
  }

  /** Stops a session; undefined if it had ended already and is now removed from the list. */
  async stop({ id }: OwnSession, force: boolean): Promise<OwnSession | undefined> {
    const query = force ? '?force=true' : ''
    const answer = await this.#client.request('DELETE', `/api/v1/sessions/${id}${query}`)
    return answer === null ? undefined : sessionBody.parse(answer)
  }
}

/** The session with this id; else all with this name. */
export function choose(sessions: readonly OwnSession[], idOrName: string): readonly OwnSession[] {
  const byId = sessions.filter(({ id }) => id === idOrName)
  return byId.length > 0 ? byId : sessions.filter(({ name }) => name === idOrName)
}
