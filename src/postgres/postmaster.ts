import { readdir, readFile, readlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { kill } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemCode } from '../errors.ts'

/** A running postmaster of one data directory. */
export interface Postmaster {
  readonly pid: number
  /** Its command line, by which one can tell whether it was started with today's settings. */
  readonly argv: readonly string[]
}

/**
 * The postmaster that runs on `data`, if there is one. The pid in postmaster.pid alone proves nothing, for pids come round
 * again; so its command line must be a postgres with `-D data`.
 */
export async function runningPostmaster(data: string): Promise<Postmaster | undefined> {
  const pid = await pidInFile(join(data, 'postmaster.pid'))
  if (pid === undefined) return undefined
  const argv = await commandLine(pid)
  return isPostmaster(argv, data) ? { pid, argv } : undefined
}

/** True if `argv` is the command line of a postmaster on `data`; its backends have another one. */
export function isPostmaster(argv: readonly string[], data: string): boolean {
  const [program, ...args] = argv
  return (
    program !== undefined &&
    basename(program) === 'postgres' &&
    args[args.indexOf('-D') + 1] === data
  )
}

/** True while this very postmaster lives; a zombie does not. */
export async function isPostmasterRunning(postmaster: Postmaster): Promise<boolean> {
  const argv = await commandLine(postmaster.pid)
  return argv.length > 0 && argv.join('\0') === postmaster.argv.join('\0')
}

/** The pid that postmaster.pid, or a socket's lock file, holds; undefined without such a file. */
export async function pidInFile(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return ''
    throw error
  })
  const pid = Number.parseInt(text, 10)
  return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined
}

/**
 * Waits until the processes that a killed postmaster has left on `data` are gone, for they still hold its shared memory;
 * those that have not noticed after 5 s are killed.
 */
export async function awaitOrphans(data: string): Promise<void> {
  const start = Date.now()
  for (;;) {
    const orphans = await processesIn(data)
    if (orphans.length === 0) return
    const waited = Date.now() - start
    if (waited > 10_000) {
      throw new Error(`Processes of an earlier Postgres do not end: ${orphans.join(', ')}.`)
    }
    if (waited > 5000) for (const pid of orphans) sendSignal(pid, 'SIGKILL')
    await sleep(20)
  }
}

/** The Postgres processes that work in `data`: each of them makes it its working directory. */
async function processesIn(data: string): Promise<number[]> {
  const found: number[] = []
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const directory = await readlink(`/proc/${name}/cwd`).catch(() => '')
    if (directory !== data) continue
    const program = await readFile(`/proc/${name}/comm`, 'utf8').catch(() => '')
    if (program.trim() === 'postgres') found.push(Number(name))
  }
  return found
}

async function commandLine(pid: number): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return text === '' ? [] : text.replace(/\0$/, '').split('\0')
}

/** Sends a signal to a process that may have ended already. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    kill(pid, signal)
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error
  }
}
