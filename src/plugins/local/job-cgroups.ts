import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemCode } from '../../errors.ts'
import { OWN_LEAF, type CgroupPlaces } from './cgroup-places.ts'
import type { Limits } from './limits.ts'

const PERIOD_US = 100_000
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

  /** Makes the cgroups of a job and answers their folders. Throws the errors of node:fs, and leaves none behind then. */
  create(id: string, limits: Limits): readonly string[] {
    const wanted = this.#files(limits)
    const folders = [...new Set(wanted.map(({ place }) => join(place, this.#name, id)))]
    try {
      for (const folder of folders) {
        mkdirSync(join(folder, '..'), { recursive: true })
        this.#enable(join(folder, '..'), limits)
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
      return folders
    } catch (error) {
      this.remove(folders)
      throw error
    }
  }

  /** How often the kernel ended a process in these cgroups because of their memory limit. */
  outOfMemory(folders: readonly string[]): number {
    const file = this.#places?.version === 1 ? 'memory.oom_control' : 'memory.events'
    return Math.max(0, ...folders.map((folder) => countOf(readOr(join(folder, file), ''))))
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
    const { memory, cpu } = this.#places ?? {}
    const places = [memory, cpu].filter((place) => place !== undefined)
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

  #files({ cpus, memoryBytes }: Limits): readonly LimitFile[] {
    const { version, memory, cpu } = this.#places ?? { version: 2 }
    const files: LimitFile[] = []
    if (memoryBytes !== null) files.push(...memoryFiles(version, required(memory), memoryBytes))
    if (cpus !== null) files.push(...cpuFiles(version, required(cpu), cpus))
    return files
  }

  /** In version 2 controllers are handed down, from our own cgroup to that of all jobs and to theirs. */
  #enable(parent: string, { cpus, memoryBytes }: Limits): void {
    if (this.#places?.version !== 2) return
    const own = join(parent, '..')
    const controllers = [
      ...(cpus === null ? [] : ['+cpu']),
      ...(memoryBytes === null ? [] : ['+memory']),
    ]
    const handDown = (folder: string) =>
      writeFileSync(join(folder, 'cgroup.subtree_control'), controllers.join(' '))
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

interface LimitFile {
  readonly place: string
  readonly file: string
  readonly value: string
  readonly optional?: boolean
}

function required(place: string | undefined): string {
  if (place === undefined) throw new Error('there is no cgroup controller for this limit')
  return place
}

function memoryFiles(version: 1 | 2, place: string, bytes: number): LimitFile[] {
  const value = String(bytes)
  return version === 1
    ? [
        { place, file: 'memory.limit_in_bytes', value },
        { place, file: 'memory.memsw.limit_in_bytes', value, optional: true },
      ]
    : [
        { place, file: 'memory.max', value },
        { place, file: 'memory.swap.max', value: '0', optional: true },
      ]
}

function cpuFiles(version: 1 | 2, place: string, cpus: number): LimitFile[] {
  const quota = String(Math.max(1000, Math.round(cpus * PERIOD_US)))
  return version === 1
    ? [
        { place, file: 'cpu.cfs_period_us', value: String(PERIOD_US) },
        { place, file: 'cpu.cfs_quota_us', value: quota },
      ]
    : [{ place, file: 'cpu.max', value: `${quota} ${PERIOD_US}` }]
}

function countOf(text: string): number {
  return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0)
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
