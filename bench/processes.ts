import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { parseStat, type ProcStat } from '../src/proc-stat.ts'

/** Clock ticks of /proc/PID/stat in a second: 100 on every Linux that Node runs on (proc_pid_stat(5)). */
const TICKS_PER_SECOND = 100

/**
 * The programs of a benchmark. Each runs in a process group and a session of its own, so that one call ends it with all
 * its workers, whatever ends the benchmark.
 */
export class Processes {
  readonly #running = new Set<number>()

  /** Starts a program; `onEnded` hears of an end that nobody asked for, with what it wrote last. */
  start(
    command: readonly [string, ...string[]],
    options: {
      readonly ipc?: boolean
      readonly input?: boolean
      readonly output?: boolean
      readonly env?: NodeJS.ProcessEnv
    } = {},
  ): Program {
    const [file, ...args] = command
    const piped = (wanted: boolean | undefined) => (wanted === true ? 'pipe' : 'ignore')
    const stdio: StdioOptions = [piped(options.input), piped(options.output), 'pipe']
    if (options.ipc === true) stdio.push('ipc')
    const child = spawn(file, args, {
      stdio,
      detached: true,
      // Debian's nginx lies where only root looks for programs.
      env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin`, ...options.env },
    })
    const { pid } = child
    if (pid !== undefined) this.#running.add(pid)
    return new Program(child, command.join(' '), () => {
      if (pid !== undefined && this.#running.delete(pid)) killGroup(pid)
    })
  }

  /**
   * Ends all of them at once, and whatever was made to outlive them but has `directory` in its command or environment:
   * sessions and a database. For the moment before the benchmark itself ends, so nothing here waits.
   */
  killAll(directory: string): void {
    for (const pid of this.#running) killGroup(pid)
    this.#running.clear()
    for (const pid of pids()) {
      const ours = ['cmdline', 'environ'].some((file) =>
        read(`/proc/${pid}/${file}`).includes(directory),
      )
      if (ours && pid !== process.pid) killGroup(pid)
    }
  }
}

/** A running program with all processes that it has started. */
export class Program {
  readonly child: ChildProcess
  readonly #command: string
  readonly #kill: () => void
  #errors = ''
  #ended = false

  constructor(child: ChildProcess, command: string, kill: () => void) {
    this.child = child
    this.#command = command
    this.#kill = kill
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-4000)
    })
    child.once('error', (error) => (this.#errors += error.message))
    child.once('close', () => (this.#ended = true))
  }

  /** Throws, with what the program wrote last, if it has ended. */
  requireRunning(): void {
    if (this.#ended) throw new Error(`${this.#command} has ended: ${this.#errors.trim()}`)
  }

  /** The first message of a child that was started with `ipc`. Throws if it ends instead. */
  async message(): Promise<unknown> {
    const ended = once(this.child, 'close').then(() => this.requireRunning())
    const [message] = (await Promise.race([once(this.child, 'message'), ended])) ?? []
    return message
  }

  /** CPU time so far, in microseconds, of all its processes: user and system. */
  cpuMicroseconds(): number {
    const ticks = this.#stats().reduce((sum, { cpuTicks }) => sum + cpuTicks, 0)
    return (ticks * 1e6) / TICKS_PER_SECOND
  }

  /** Resident memory of all its processes, in bytes. */
  residentBytes(): number {
    return this.#stats().reduce((sum, { pid }) => sum + residentBytesOf(pid), 0)
  }

  /** Ends it with all its processes. */
  stop(): void {
    this.#kill()
  }

  #stats(): readonly ProcStat[] {
    this.requireRunning()
    return processStats().filter(({ session }) => session === this.child.pid)
  }
}

function processStats(): readonly ProcStat[] {
  return pids().flatMap((pid) => parseStat(read(`/proc/${pid}/stat`)) ?? [])
}

function pids(): readonly number[] {
  return readdirSync('/proc').map(Number).filter(Number.isInteger)
}

function residentBytesOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`)) ?? []
  return Number(kilobytes ?? 0) * 1024
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    // It has ended meanwhile.
    return ''
  }
}

function killGroup(pid: number): void {
  for (const each of [-pid, pid]) {
    try {
      process.kill(each, 'SIGKILL')
    } catch {
      // It has ended already, or leads no group.
    }
  }
}
