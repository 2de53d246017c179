import { setTimeout as delay } from 'node:timers/promises'
import { customAlphabet } from 'nanoid'
import { AtelierError } from '../errors.ts'
import type { Ide } from '../ides/ide.ts'
import type { Versions, WantedVersions } from '../ides/versions.ts'
import type { Grants } from './grants.ts'
import type { Locations } from './locations.ts'
import { STOPPED_WHILE_LOST } from './lost-sentences.ts'
import type { Placement } from './placement.ts'
import { isFinal, type IdeName, type Session } from './session.ts'
import type {
  EarlierStart,
  Idempotency,
  NewSession,
  SessionChanges,
  SessionStore,
} from './session-store.ts'

const newId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 12)
const ATTEMPTS = 30
const END_OF_LOST = {
  state: 'Stopped',
  reason: STOPPED_WHILE_LOST,
  stopReason: null,
  location: null,
} as const

/** What a change wants a session to be before it is made; else PRECONDITION_FAILED is thrown. */
export type Precondition = (session: Session) => boolean

/** A session that was started, now or by an earlier request with the same key. */
export interface StartedSession {
  readonly session: Session
  readonly replayed: boolean
}

/** What users do with sessions. Each verb writes what is desired; the reconciler makes it so. */
export class Sessions {
  readonly #store: SessionStore
  readonly #locations: Locations
  readonly #ideOf: (name: IdeName) => Pick<Ide, 'command'>
  readonly #versions: Pick<Versions, 'choose'>
  readonly #grants: Pick<Grants, 'grant'>
  readonly #placement: Pick<Placement, 'place'>
  readonly #keepAtMost: () => number
  readonly #reconcile: () => void
  readonly #refused = new Set<string>()

  constructor(parts: {
    store: SessionStore
    locations: Locations
    ideOf: (name: IdeName) => Pick<Ide, 'command'>
    versions: Pick<Versions, 'choose'>
    grants: Pick<Grants, 'grant'>
    placement: Pick<Placement, 'place'>
    /** How far ahead a session may be kept, in ms. */
    keepAtMost: () => number
    reconcile: () => void
  }) {
    this.#store = parts.store
    this.#locations = parts.locations
    this.#ideOf = parts.ideOf
    this.#versions = parts.versions
    this.#grants = parts.grants
    this.#placement = parts.placement
    this.#keepAtMost = parts.keepAtMost
    this.#reconcile = parts.reconcile
  }

  /** The user's sessions, oldest first. */
  listSessions(user: string): readonly Session[] {
    return inOrder(this.#locations.all().filter((session) => session.user === user))
  }

  /** The sessions of all users, oldest first. */
  allSessions(): readonly Session[] {
    return inOrder(this.#locations.all())
  }

  /** The user's session with this id. Throws SESSION_NOT_FOUND, also for somebody else's. */
  getSession(user: string, id: string): Session {
    const session = this.#locations.get(id)
    if (session?.user !== user) throw new AtelierError('SESSION_NOT_FOUND')
    return session
  }

  /** The same, also of a session that another node has started a moment ago, so that this one has not heard of it yet. */
  async findSession(user: string, id: string): Promise<Session> {
    if (this.#locations.get(id) === undefined) await this.#readAgain(id).catch(() => undefined)
    return this.getSession(user, id)
  }

  /**
   * Starts a session; with `once` only if no earlier request had its key, whose session is answered else. Throws
   * IDEMPOTENCY_KEY_REUSED if that one asked for something else; IDE_NOT_ALLOWED, PROFILE_UNKNOWN,
   * IDE_MISSING, IDE_INSTALLING or VERSION_UNUSABLE before anything is written; LIMIT_REACHED if the user has as many
   * sessions as may be, and NO_NODE if no node takes it.
   */
  async startSession(
    user: string,
    wanted: {
      ide: IdeName
      name: string | null
      profile: string | null
      folder?: string | null
    } & WantedVersions,
    once?: Idempotency,
  ): Promise<StartedSession> {
    const replayed = await this.#replay(user, once)
    if (replayed !== undefined) return { session: replayed, replayed: true }
    const id = newId()
    const { most, ...granted } = await this.#grants.grant(user, wanted)
    await this.#ideOf(wanted.ide).command({ sessionId: id, prefix: '', home: '/', secret: '' })
    await this.#versions.choose(user, wanted.ide, wanted)
    const inserted = await this.#placement.place({ user, seed: id }, async (node) =>
      this.#known(await this.#insert({ id, user, node, ...wanted, ...granted }, most, once)),
    )
    // Another request with the same key was faster.
    if (inserted === undefined) return this.startSession(user, wanted, once)
    this.#reconcile()
    return { session: inserted, replayed: false }
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
    precondition?: Precondition,
  ): Promise<Session> {
    return this.#change(user, id, (session) => {
      requireThat(session, precondition)
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
   * Stops a session, or kills it when `force` is set; one that has ended already is removed, and undefined answered. One
   * whose server is lost is Stopped at once: if the server comes back, it ends what still runs.
   */
  async stopSession(
    user: string,
    id: string,
    force: boolean,
    precondition?: Precondition,
  ): Promise<Session | undefined> {
    let session = this.getSession(user, id)
    requireThat(session, precondition)
    for (let attempt = 0; isFinal(session.state) && attempt < ATTEMPTS; attempt++) {
      if (await this.#store.remove(id, session.version)) {
        this.#locations.remove(id)
        return undefined
      }
      await this.#readAgain(id)
      session = this.getSession(user, id)
    }
    const stopped = await this.#change(user, id, (current) => {
      requireThat(current, precondition)
      const { desired, state } = current
      const wanted = force || desired === 'killed' ? 'killed' : 'stopped'
      if (wanted === desired && (state === 'Stopping' || isFinal(state))) return undefined
      if (state === 'Lost') return { ...END_OF_LOST, desired: wanted }
      const stopping = { state: 'Stopping', reason: null, stopReason: null } as const
      return { desired: wanted, ...(isFinal(state) ? {} : stopping) }
    })
    this.#reconcile()
    return stopped
  }

  /**
   * Starts a session again whose server is lost, on another node if one takes it. Throws SESSION_NOT_LOST for any other,
   * and NO_NODE if no node takes it.
   */
  async restartSession(user: string, id: string, precondition?: Precondition): Promise<Session> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      // What another node has just given up as lost is not known here yet.
      if (this.getSession(user, id).state !== 'Lost') await this.#readAgain(id)
      const session = this.getSession(user, id)
      requireThat(session, precondition)
      if (session.state !== 'Lost') throw new AtelierError('SESSION_NOT_LOST')
      const wish = { user, seed: id, last: session.node }
      const moved = await this.#placement.place(wish, async (node) =>
        this.#known(await this.#store.move(id, session.version, node)),
      )
      if (moved !== undefined) {
        this.#reconcile()
        return moved
      }
      await this.#readAgain(id)
    }
    throw new AtelierError('VERSION_CONFLICT')
  }

  #known(row: Session | undefined): Session | undefined {
    if (row !== undefined) this.#locations.apply([row])
    return row
  }

  async #insert(
    session: NewSession,
    most: number | null,
    once: Idempotency | undefined,
  ): Promise<Session | undefined> {
    try {
      if (once === undefined) return await this.#store.insert(session, most)
      return await this.#store.insertOnce(session, once, most)
    } catch (error) {
      // Of these nothing was written, and the session may be started under this id on another node.
      const code = error instanceof AtelierError ? error.code : undefined
      if (code !== 'NO_NODE' && code !== 'LIMIT_REACHED') this.#refused.add(session.id)
      throw error
    }
  }

  async #replay(user: string, once: Idempotency | undefined): Promise<Session | undefined> {
    if (once === undefined) return undefined
    const earlier = await this.#store.startedWith(user, once.key)
    if (earlier === undefined || (await this.#isTakenBack(earlier))) return undefined
    if (earlier.fingerprint !== once.fingerprint) throw new AtelierError('IDEMPOTENCY_KEY_REUSED')
    this.#locations.apply([earlier.session])
    this.#reconcile()
    return this.#locations.get(earlier.session.id) ?? earlier.session
  }

  // A start that was answered with an error, and is repeated, is what it says: either its row is answered now, or it is
  // being ended already and does not count.
  async #isTakenBack({ session }: EarlierStart): Promise<boolean> {
    if (!this.#refused.has(session.id)) return false
    if (session.desired === 'running') {
      this.#refused.delete(session.id)
      return false
    }
    await this.#store.releaseKey(session.id)
    return true
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
      await this.#readAgain(id)
      await delay(Math.random() * 10 * attempt)
    }
    throw new AtelierError('VERSION_CONFLICT')
  }

  async #readAgain(id: string): Promise<void> {
    const rows = await this.#store.some([id])
    if (rows.length === 0) this.#locations.remove(id)
    this.#locations.apply(rows)
  }
}

function inOrder(sessions: readonly Session[]): readonly Session[] {
  return sessions.toSorted(
    (a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1),
  )
}

function requireThat(session: Session, precondition: Precondition | undefined): void {
  if (precondition?.(session) === false) throw new AtelierError('PRECONDITION_FAILED')
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
