import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemCode } from '../../errors.ts'
import { controllersFor, dividedLimits, limitFiles } from './cgroup-limits.ts'
import { OWN_LEAF, type CgroupPlaces } from './cgroup-places.ts'
import type { Limits } from './limits.ts'

/** More than a job takes to begin. */
const SETTLED_MS = 10_000

/** The cgroups of jobs with limits: a folder for each job and controller, which the job's leader enters. */
export class JobCgroups {
  readonly #places: CgroupPlaces | undefined
  readonly #name: string

  /** `name` is that of the cgroup of all our jobs. */
  constructor({
    places,
    name = 'atelier-jobs',
  }: {
    places: CgroupPlaces | undefined
    name?: string
  }) {
    this.#places = places
    this.#name = name
  }

  /**
   * Makes the cgroups of a job and answers their folders, and the limits that they do not hold. Throws the errors of
   * node:fs, and leaves none behind then.
   */
  create(
    id: string,
    limits: Limits,
  ): { readonly folders: readonly string[]; readonly left: Limits } {
    const places = this.#places
    const { held, left } = dividedLimits(places, limits)
    const wanted = places === undefined ? [] : limitFiles(places, { ...held, nice: limits.nice })
    const folders = [...new Set(wanted.map(({ place }) => join(place, this.#name, id)))]
    try {
      for (const folder of folders) {
        mkdirSync(join(folder, '..'), { recursive: true })
        this.#enable(join(folder, '..'), held)
        mkdirSync(folder)
      }
      for (const { place, file, value, optional } of wanted) {
        try {
          writeFileSync(join(place, this.#name, id, file), value)
        } catch (error) {
          // Kernels without swap accounting lack the file.
          if (optional !== true) throw error
        }
      }
      return { folders, left }
    } catch (error) {
      this.remove(folders)
      throw error
    }
  }

  /** How often the kernel ended a process in these cgroups because of their memory limit. */
  outOfMemory(folders: readonly string[]): number {
    const file = this.#places?.version === 1 ? 'memory.oom_control' : 'memory.events'
    return this.#count(folders, file, /^oom_kill (\d+)$/m)
  }

  /** How often the kernel refused these cgroups a new process because of their limit. */
  refusedProcesses(folders: readonly string[]): number {
    return this.#count(folders, 'pids.events', /^max (\d+)$/m)
  }

  /**
   * The memory in bytes that all processes in these cgroups use together, without what the system would take back first;
   * undefined if none of them counts it.
   */
  memory(folders: readonly string[]): number | undefined {
    const [file, cache] =
      this.#places?.version === 1
        ? ['memory.usage_in_bytes', /^total_inactive_file (\d+)$/m]
        : ['memory.current', /^inactive_file (\d+)$/m]
    for (const folder of folders) {
      const used = Number.parseInt(readOr(join(folder, file), ''), 10)
      if (Number.isNaN(used)) continue
      return Math.max(0, used - this.#count([folder], 'memory.stat', cache))
    }
    return undefined
  }

  /** The processes in these cgroups, however far they have moved away from the job otherwise. */
  pids(folders: readonly string[]): number[] {
    const lines = folders.flatMap((folder) => readOr(join(folder, 'cgroup.procs'), '').split('\n'))
    // 0 stands for one that our namespace of pids does not show.
    return [...new Set(lines.map(Number))].filter((pid) => pid > 0)
  }

  /**
   * Removes the cgroups of all jobs but these, as an interrupted submission leaves them. New ones and those that hold
   * processes stay: they may be of another Atelier on this host.
   */
  removeOthers(ids: ReadonlySet<string>): void {
    const { memory, cpu, pids } = this.#places ?? {}
    const places = [memory, cpu, pids].filter((place) => place !== undefined)
    for (const parent of new Set(places.map((place) => join(place, this.#name)))) {
      const folders = namesIn(parent).filter((name) => !ids.has(name))
      this.remove(folders.map((name) => join(parent, name)).filter(isSettled))
    }
  }

  /** Removes cgroups whose processes are gone; one that cannot be removed is left, as it limits nobody. */
  remove(folders: readonly string[]): void {
    for (const folder of folders) {
      try {
        rmdirSync(folder)
      } catch {
        // Not there, or a process that is just ending.
      }
    }
  }

  #count(folders: readonly string[], file: string, count: RegExp): number {
    const counts = folders.map((folder) => count.exec(readOr(join(folder, file), ''))?.[1] ?? 0)
    return Math.max(0, ...counts.map(Number))
  }

  /** In version 2 controllers are handed down, from our own cgroup to that of all jobs and to theirs. */
  #enable(parent: string, limits: Limits): void {
    if (this.#places?.version !== 2) return
    const own = join(parent, '..')
    const controllers = controllersFor(limits).join(' ')
    const handDown = (folder: string) =>
      writeFileSync(join(folder, 'cgroup.subtree_control'), controllers)
    try {
      handDown(own)
    } catch (error) {
      if (systemCode(error) !== 'EBUSY') throw error
      this.#makeRoom(own)
      handDown(own)
    }
    handDown(parent)
  }

  // A cgroup that hands controllers down may hold no processes itself (cgroups(7), "no internal processes").
  #makeRoom(own: string): void {
    const leaf = join(own, OWN_LEAF)
    mkdirSync(leaf, { recursive: true })
    for (const pid of this.pids([own])) writeFileSync(join(leaf, 'cgroup.procs'), String(pid))
  }
}

function namesIn(parent: string): string[] {
  try {
    return readdirSync(parent)
  } catch {
    return []
  }
}

/** True for a folder that is there so long that its job must have entered it, or never will. */
function isSettled(folder: string): boolean {
  try {
    const stat = statSync(folder)
    return stat.isDirectory() && Date.now() - stat.mtimeMs > SETTLED_MS
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
