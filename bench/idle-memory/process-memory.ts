import { readdirSync, readFileSync } from 'node:fs'
import { parseStat } from '../../src/proc-stat.ts'

/** A process of the system with its parent and its command line. */
export interface SeenProcess {
  readonly pid: number
  readonly parent: number
  readonly session: number
  readonly words: readonly string[]
}

/** All processes that can be looked at now. */
export function allProcesses(): readonly SeenProcess[] {
  return readdirSync('/proc').flatMap((name) => {
    const stat = /^\d+$/.test(name) ? parseStat(read(`/proc/${name}/stat`)) : undefined
    if (stat === undefined) return []
    const words = read(`/proc/${name}/cmdline`).split('\0')
    return [{ pid: stat.pid, parent: stat.parent, session: stat.session, words }]
  })
}

/** The processes of Atelier below its `start`, by their name. Throws if one is missing. */
export function atelierProcesses(
  start: number,
): Readonly<Record<'node' | 'launcher' | 'plugin', number>> {
  const all = allProcesses()
  const child = (parent: number, name: string) => {
    const found = all.find((each) => each.parent === parent && each.words[2] === name)
    if (found === undefined) throw new Error(`there is no ${name} below ${parent}`)
    return found.pid
  }
  const launcher = child(start, 'launcher')
  return { node: child(start, 'node'), launcher, plugin: child(launcher, 'plugin') }
}

/** Resident memory in KiB. */
export function residentKib(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0)
}

/** Memory in KiB with its share of what several processes have in common (proc_pid_smaps(5)). */
export function proportionalKib(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    // It has ended meanwhile.
    return ''
  }
}
