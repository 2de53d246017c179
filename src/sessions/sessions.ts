import { setTimeout as delay } from 'node:timers/promises'
import { customAlphabet } from 'nanoid'
import { AtelierError } from '../errors.ts'
import type { Ide } from '../ides/ide.ts'
import type { Versions, WantedVersions } from '../ides/versions.ts'
import type { Locations } from './locations.ts'
import { isFinal, type IdeName, type Session } from './session.ts'
import type { SessionChanges, SessionStore } from './session-store.ts'

const newId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 12)
const ATTEMPTS = 30

/** What users do with sessions. Each verb writes what is desired; the reconciler makes it so. */
export class Sessions {
  readonly #store: SessionStore
  readonly #locations: Locations
  readonly #ideOf: (name: IdeName) => Pick<Ide, 'command'>
  readonly #versions: Pick<Versions, 'choose'>
  readonly #node: string
  readonly #keepAtMost: () => number
  readonly #reconcile: () => void
  readonly #refused = new Set<string>()

  constructor(parts: {
    store: SessionStore
    locations: Locations
    ideOf: (name: IdeName) => Pick<Ide, 'command'>
    versions: Pick<Versions, 'choose'>
    node: string
    /** How far ahead a session may be kept, in ms. */
    keepAtMost: () => number
    reconcile: () => void
  }) {
    this.#store = parts.store
    this.#locations = parts.locations
    this.#ideOf = parts.ideOf
    this.#versions = parts.versions
    this.#node = parts.node
    this.#keepAtMost = parts.keepAtMost
    this.#reconcile = parts.reconcile
  }

  /** The user's sessions, oldest first. */
  listSessions(user: string): readonly Session[] {
    return this.#locations
      .all()
      .filter((session) => session.user === user)
      .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1))
  }

  /** The user's session with this id. Throws SESSION_NOT_FOUND, also for somebody else's. */
  getSession(user: string, id: string): Session {
    const session = this.#locations.get(id)
    if (session?.user !== user) throw new AtelierError('SESSION_NOT_FOUND')
    return session
  }

  /** Starts a session. Throws IDE_MISSING, IDE_INSTALLING or VERSION_UNUSABLE before anything is written. */
  async startSession(
    user: string,
    wanted: { ide: IdeName; name: string | null } & WantedVersions,
  ): Promise<Session> {
    const id = newId()
    await this.#ideOf(wanted.ide).command({ sessionId: id, prefix: '', home: '/', secret: '' })
    await this.#versions.choose(user, wanted.ide, wanted)
    const session = await this.#store
      .insert({ id, user, node: this.#node, ...wanted })
      .catch((error: unknown) => {
        this.#refused.add(id)
        throw error
      })
    this.#locations.apply([session])
    this.#reconcile()
    return session
  }

  /**
   * Ends a session whose start was answered with an error although its row came to be: a database that stood still may
   * carry out what it was asked after we gave up. Whoever then started another one would have two.
   */
  async takeBack(session: Session): Promise<void> {
    if (!this.#refused.has(session.id)) return
    if (!isFinal(session.state)) {
      await this.stopSession(session.user, session.id, true)
    } else if (await this.#store.remove(session.id, session.version)) {
      this.#refused.delete(session.id)
      this.#locations.remove(session.id)
    }
  }

  /** Renames a session; with a version only if it still has that one, else VERSION_CONFLICT is thrown. */
  async renameSession(
    user: string,
    id: string,
    { name, version }: { name: string | null; version?: number | undefined },
  ): Promise<Session> {
    return this.#change(user, id, (session) => {
      if (version !== undefined && version !== session.version) {
        throw new AtelierError('VERSION_CONFLICT')
      }
      return { name }
    })
  }

  /**
   * Keeps a session until then whatever its limits, or no longer than them if `until` is null. Throws SESSION_ENDED for
   * one that stops or has ended, and BAD_REQUEST for a time that is past or further ahead than is allowed.
   */
  async keepSession(user: string, id: string, until: Date | null): Promise<Session> {
    return this.#change(user, id, ({ desired, state }) => {
      if (desired !== 'running' || isFinal(state)) throw new AtelierError('SESSION_ENDED')
      if (until !== null) checkKeep(until, this.keepUntilAtMost())
      return { keepUntil: until }
    })
  }

  /** The latest time until when a session may be kept. */
  keepUntilAtMost(): Date {
    return new Date(Date.now() + this.#keepAtMost())
  }

  /**
   * Stops a session, or kills it when `force` is set; one that has ended already is removed, and undefined answered.
   */
  async stopSession(user: string, id: string, force: boolean): Promise<Session | undefined> {
    const session = this.getSession(user, id)
    if (isFinal(session.state) && (await this.#store.remove(id, session.version))) {
      this.#locations.remove(id)
      return undefined
    }
    const stopped = await this.#change(user, id, ({ desired, state }) => {
      const wanted = force || desired === 'killed' ? 'killed' : 'stopped'
      if (wanted === desired && (state === 'Stopping' || isFinal(state))) return undefined
      const stopping = { state: 'Stopping', reason: null, stopReason: null } as const
      return { desired: wanted, ...(isFinal(state) ? {} : stopping) }
    })
    this.#reconcile()
    return stopped
  }

  // The cache may be a version behind the table, so a lost compare-and-set reads the row anew and tries again. Undefined
  // changes say that the row is as it should be.
  async #change(
    user: string,
    id: string,
    changes: (session: Session) => SessionChanges | undefined,
  ): Promise<Session> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const session = this.getSession(user, id)
      const wanted = changes(session)
      if (wanted === undefined) return session
      const changed = await this.#store.update(id, session.version, wanted)
      if (changed !== undefined) {
        this.#locations.apply([changed])
        return changed
      }
      const rows = await this.#store.some([id])
      if (rows.length === 0) this.#locations.remove(id)
      this.#locations.apply(rows)
      await delay(Math.random() * 10 * attempt)
    }
    throw new AtelierError('VERSION_CONFLICT')
  }
}

function checkKeep(until: Date, atMost: Date): void {
  if (until.getTime() <= Date.now()) {
    throw new AtelierError('BAD_REQUEST', 'until: must be a time that is still ahead.')
  }
  if (until.getTime() > atMost.getTime()) {
    const latest = atMost.toISOString()
    throw new AtelierError('BAD_REQUEST', `until: a session can be kept until ${latest} at most.`)
  }
}
