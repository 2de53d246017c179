import { setTimeout as delay } from 'node:timers/promises'
import { AtelierError } from '../errors.ts'
import type { JobPort } from '../launcher/job.ts'
import type { Launcher } from '../launcher/launcher.ts'
import type { Session } from './session.ts'
import { isFinal } from './session.ts'

/** How long what was seen is used without another look, in ms; each new connection is checked in any case. */
const FRESH_MS = 2_000
/** How long after a look the next one for a port that was not there begins, in ms. */
const APART_MS = 500

/** What is needed of a session to ask for its ports. */
export type PortOwner = Pick<Session, 'id' | 'jobId' | 'state'>

interface Seen {
  readonly jobId: string
  /** When the look began. */
  readonly at: number
  readonly ports: readonly JobPort[]
}

/**
 * Which ports the processes of each session serve, as the host that runs them tells. Looks are few: what is known is
 * used again, those who want to know at the same time share a look, and a port that is asked for in vain costs few.
 */
export class SessionPorts {
  readonly #launcher: Pick<Launcher, 'ports'>
  readonly #seen = new Map<string, Seen>()
  readonly #current = new Map<string, Promise<readonly JobPort[]>>()
  readonly #next = new Map<string, Promise<readonly JobPort[]>>()

  constructor({ launcher }: { launcher: Pick<Launcher, 'ports'> }) {
    this.#launcher = launcher
  }

  /** All ports as they are now, one entry for each address. Throws AtelierError when they cannot be told. */
  async list(session: PortOwner): Promise<readonly JobPort[]> {
    if (session.jobId === null || isFinal(session.state) || session.state === 'Starting') return []
    return this.#look(session.id, session.jobId)
  }

  /**
   * Where the session serves this port, as far as is known. Throws PORT_NOT_SERVED if it does not, and LAUNCHER_UNAVAILABLE
   * if that cannot be found out.
   */
  async find(session: PortOwner, port: number): Promise<readonly JobPort[]> {
    const calledAt = performance.now()
    const seen = this.#known(session)
    const age = seen === undefined ? Infinity : calledAt - seen.at
    const known = seen === undefined ? [] : at(seen.ports, port)
    if (known.length > 0) {
      // Nobody waits for it: a connection that is made meanwhile is checked by itself.
      if (age > FRESH_MS) void this.list(session).catch(() => undefined)
      return known
    }
    // The app may have been started since, so it is not refused without another look; but such looks are kept apart.
    if (age < APART_MS) await delay(APART_MS - age)
    const later = this.#known(session)
    const isLater = later !== undefined && later.at > calledAt
    const found = at(isLater ? later.ports : await this.list(session), port)
    if (found.length === 0) throw portNotServed(port)
    return found
  }

  /** True if the very same socket still listens there, at a time after this call. */
  async stillServes(session: PortOwner, { port, address, listener }: JobPort): Promise<boolean> {
    const now = at(await this.list(session), port)
    return now.some((each) => each.address === address && each.listener === listener)
  }

  /** Forgets a session that is gone. */
  forget(id: string): void {
    this.#seen.delete(id)
  }

  #known(session: PortOwner): Seen | undefined {
    const seen = this.#seen.get(session.id)
    return seen?.jobId === session.jobId ? seen : undefined
  }

  /** A look that begins after this call. */
  #look(id: string, jobId: string): Promise<readonly JobPort[]> {
    const next = this.#next.get(jobId)
    if (next !== undefined) return next
    const current = this.#current.get(jobId)
    const begin = () => this.#begin(id, jobId)
    if (current === undefined) return begin()
    const following = current.then(begin, begin)
    this.#next.set(jobId, following)
    return following
  }

  #begin(id: string, jobId: string): Promise<readonly JobPort[]> {
    this.#next.delete(jobId)
    const at = performance.now()
    const look = this.#launcher
      .ports(jobId)
      .then((ports) => {
        this.#seen.set(id, { jobId, at, ports })
        return ports
      })
      .finally(() => this.#current.delete(jobId))
    this.#current.set(jobId, look)
    return look
  }
}

/** The error for a port that no process of the session serves, with what to do about it. */
function portNotServed(port: number): AtelierError {
  return new AtelierError(
    'PORT_NOT_SERVED',
    `No program of this session listens on port ${port}. Start your web app in a terminal, notebook or console of this session, on 127.0.0.1 and port ${port}; then reload this page.`,
  )
}

/** The error for a web app that listens but does not answer, with what to do about it. */
export function appUnreachable(port: number, cause?: unknown): AtelierError {
  return new AtelierError(
    'APP_UNREACHABLE',
    `The web app on port ${port} of this session does not answer. See in the session whether it still runs, start it again, and reload this page.`,
    { cause },
  )
}

function at(ports: readonly JobPort[], port: number): readonly JobPort[] {
  return ports.filter((each) => each.port === port)
}
