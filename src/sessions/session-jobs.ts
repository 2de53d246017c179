import { AtelierError } from '../errors.ts'
import type { Ide } from '../ides/ide.ts'
import type { OwnProgram } from '../ides/own-program.ts'
import type { Versions } from '../ides/versions.ts'
import { isFinalStatus, type Job } from '../launcher/job.ts'
import type { Launcher } from '../launcher/launcher.ts'
import { jobLimits, type Grants } from './grants.ts'
import { IdeProbe } from './ide-probe.ts'
import { logTail } from './log-tail.ts'
import type { IdeName, Location, Session } from './session.ts'

const PROBE_TIMEOUT_MS = 2000
const TAIL_BYTES = 32 * 1024

/** A job and what it was started for. */
export interface SessionJob {
  readonly job: Job
  /** The id of the session. */
  readonly session: string
  /** The epoch of the session that it belongs to; of another epoch it has been superseded. */
  readonly epoch: number
}

/** How programs in a session use the API of Atelier. */
export interface SessionAccess {
  /** What `atelier` runs there. */
  readonly program: OwnProgram
  /** Where this node answers them. */
  address(): string
  tokenOf(session: Session): string
}

/** Finds the job of a session's present epoch; of several the one that still runs. */
export function jobFinder(
  jobs: readonly SessionJob[],
): (session: Pick<Session, 'id' | 'epoch'>) => Job | undefined {
  const found = new Map<string, Job>()
  for (const { job, session, epoch } of jobs) {
    const key = `${session}.${epoch}`
    const known = found.get(key)
    if (known === undefined || isFinalStatus(known.status)) found.set(key, job)
  }
  return ({ id, epoch }) => found.get(`${id}.${epoch}`)
}

/** The jobs of sessions: a session is a job of the Launcher that listens. */
export class SessionJobs {
  readonly #launcher: Launcher
  readonly #ideOf: (name: IdeName) => Ide
  readonly #secretOf: (session: Session) => string
  readonly #access: SessionAccess
  readonly #homeOf: (user: string) => Promise<string>
  readonly #versions: Pick<Versions, 'choose'>
  readonly #grants: Pick<Grants, 'grant'>
  readonly #tag: string

  constructor(parts: {
    launcher: Launcher
    ideOf: (name: IdeName) => Ide
    secretOf: (session: Session) => string
    access: SessionAccess
    homeOf: (user: string) => Promise<string>
    versions: Pick<Versions, 'choose'>
    grants: Pick<Grants, 'grant'>
    /** Set apart from the jobs of other clusters on the same Launcher. */
    cluster: string
  }) {
    this.#launcher = parts.launcher
    this.#ideOf = parts.ideOf
    this.#secretOf = parts.secretOf
    this.#access = parts.access
    this.#homeOf = parts.homeOf
    this.#versions = parts.versions
    this.#grants = parts.grants
    this.#tag = `atelier-session:${parts.cluster}`
  }

  /** Every job of a session that this Launcher knows. */
  async list(): Promise<readonly SessionJob[]> {
    return (await this.#launcher.list([this.#tag])).flatMap((job) => {
      const session = tagged(job, 'session')
      return session === undefined ? [] : [{ job, session, epoch: epochOf(job) }]
    })
  }

  /** Submits the session's job, once for each epoch however often it is called. */
  async submit(session: Session): Promise<Job> {
    // A node of before there were limits grants none.
    const limits = session.limits ?? (await this.#grants.grant(session.user, session)).limits
    const home = await this.#homeOf(session.user)
    const { script, environment } = await this.#ideOf(session.ide).command({
      sessionId: session.id,
      prefix: `/s/${session.id}`,
      home,
      folder: session.folder,
      secret: this.#secretOf(session),
      program: this.#access.program,
      versions: await this.#versions.choose(session.user, session.ide, session),
    })
    return this.#launcher.submit(
      {
        user: session.user,
        name: session.name ?? session.ide,
        exe: '/bin/sh',
        args: ['-c', script],
        environment: {
          ...environment,
          ATELIER_ADDRESS: this.#access.address(),
          ATELIER_TOKEN: this.#access.tokenOf(session),
        },
        workingDirectory: home,
        tags: [this.#tag, `session:${session.id}`, `epoch:${session.epoch}`],
        ...jobLimits(session.profile, limits),
      },
      `${session.id}.${session.epoch}`,
    )
  }

  /** Where the session's running job listens. Throws IDE_UNREACHABLE when the back end does not tell. */
  async location(job: Job): Promise<Location> {
    const { socket } = await this.#launcher.network(job.id)
    if (socket === null) throw new AtelierError('IDE_UNREACHABLE')
    return { kind: 'socket', path: socket }
  }

  /** True once the IDE can be used. */
  async isReady(session: Session, location: Location, signal: AbortSignal): Promise<boolean> {
    return (await this.#ask(session, location, signal, 'ready')) ?? false
  }

  /** True while the IDE computes, as far as it can tell; undefined if it does not answer. */
  async isBusy(
    session: Session,
    location: Location,
    signal: AbortSignal,
  ): Promise<boolean | undefined> {
    return this.#ask(session, location, signal, 'busy')
  }

  /** The last lines the IDE wrote; empty when they cannot be had. */
  async lastLines(session: Session, job: Job): Promise<string> {
    const output = await this.#launcher.tail(job.id, TAIL_BYTES).catch(() => '')
    return logTail(output, this.#secretOf(session), this.#access.tokenOf(session))
  }

  async #ask(
    session: Session,
    location: Location,
    signal: AbortSignal,
    question: 'ready' | 'busy',
  ): Promise<boolean | undefined> {
    const ide = this.#ideOf(session.ide)
    const prefix = `/s/${session.id}`
    const probe = new IdeProbe({
      location,
      headers: ide.headers(this.#secretOf(session)),
      headersOf: (path) =>
        ide.requestHeaders?.({ prefix, url: `http://localhost${prefix}${path}` }),
    })
    const limit = AbortSignal.any([signal, AbortSignal.timeout(PROBE_TIMEOUT_MS)])
    try {
      return await ide[question](probe.probe, prefix, limit)
    } catch {
      return undefined
    } finally {
      await probe.close()
    }
  }
}

function tagged({ tags }: Job, name: string): string | undefined {
  return tags.find((tag) => tag.startsWith(`${name}:`))?.slice(name.length + 1)
}

/** Jobs of before there were clusters are all of the first epoch. */
function epochOf(job: Job): number {
  return Number(tagged(job, 'epoch') ?? 1)
}
