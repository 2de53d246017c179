import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../../log.ts'
import type { TrackingPlace } from './cgroup-places.ts'
import { signal } from './processes.ts'

/** Milliseconds that a cgroup may take to freeze: only while its processes are in the kernel. */
const FREEZE_LIMIT = 200
const STEP = 5

/**
 * A cgroup for each job, with or without limits: which processes are the job's is then known however they hide, as no
 * process of an account can leave it. Where the system lets us make none, jobs are known by session and environment only.
 */
export class TrackingCgroups {
  readonly #place: TrackingPlace | undefined
  readonly #parent: string
  readonly #log: Log
  #failed = false

  constructor(parts: {
    readonly place: TrackingPlace | undefined
    /** Whose jobs these are: two Ateliers on one host do not clean up after each other. */
    readonly scratchPath: string
    readonly log: Log
  }) {
    this.#place = parts.place
    this.#parent = join(parts.place?.folder ?? '/nowhere', cgroupOfScratch(parts.scratchPath))
    this.#log = parts.log
  }

  /** Makes the cgroup of a job and answers its folder; undefined where there can be none. */
  create(id: string): string | undefined {
    if (this.#place === undefined) return undefined
    const folder = join(this.#parent, id)
    try {
      mkdirSync(folder, { recursive: true })
      return folder
    } catch (error) {
      if (!this.#failed) this.#log.warn({ err: error }, 'Jobs have no cgroups of their own here')
      this.#failed = true
      return undefined
    }
  }

  /** The processes in a job's cgroup; none if it is gone. */
  pids(folder: string | undefined): number[] {
    if (folder === undefined) return []
    const lines = readOr(join(folder, 'cgroup.procs'), '').split('\n')
    // 0 stands for one that our namespace of pids does not show.
    return lines.map(Number).filter((pid) => pid > 0)
  }

  /** Sends SIGKILL to all processes of a job's cgroup at once, so that none can fork in time. */
  async kill(folder: string | undefined): Promise<void> {
    if (folder === undefined || this.pids(folder).length === 0) return
    if (this.#place?.kills === 'unified' && write(join(folder, 'cgroup.kill'), '1')) return
    const freezer = join(folder, 'freezer.state')
    const freezes = this.#place?.kills === 'freezer' && write(freezer, 'FROZEN')
    const begin = performance.now()
    while (freezes && readOr(freezer, 'FROZEN') !== 'FROZEN\n') {
      if (performance.now() - begin > FREEZE_LIMIT) break
      await delay(STEP)
    }
    for (const pid of this.pids(folder)) signal(pid, 'SIGKILL')
    // What is frozen does not die before it thaws.
    if (freezes) write(freezer, 'THAWED')
  }

  /** Removes a job's cgroup; one that still holds a process is left for `strays`. */
  remove(folder: string | undefined): void {
    if (folder === undefined) return
    try {
      rmdirSync(folder)
    } catch {
      // Not there, or a process that is just ending.
    }
  }

  /** The cgroups of our jobs but for those of these ids: nobody looks after what is in them. */
  strays(ids: ReadonlySet<string>): string[] {
    if (this.#place === undefined) return []
    return foldersIn(this.#parent)
      .filter((name) => !ids.has(name))
      .map((name) => join(this.#parent, name))
  }
}

/** The name of the cgroup below which all cgroups of the jobs of this scratch path are. */
export function cgroupOfScratch(scratchPath: string): string {
  const hash = createHash('sha256').update(resolve(scratchPath)).digest('hex')
  return `atelier-jobs-${hash.slice(0, 12)}`
}

function foldersIn(parent: string): string[] {
  try {
    const entries = readdirSync(parent, { withFileTypes: true })
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  } catch {
    return []
  }
}

function write(file: string, text: string): boolean {
  try {
    // Without O_CREAT: a kernel that lacks the file must not get an ordinary one in a test's folder.
    writeFileSync(file, text, { flag: 'r+' })
    return true
  } catch {
    return false
  }
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return otherwise
  }
}
