import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../log.ts'

const FIRST_BACKOFF_MS = 100
const LONGEST_BACKOFF_MS = 5000
const STEADY_MS = 10_000
const LOG_LIMIT_BYTES = 20 * 1024 * 1024

/** One of our own processes, kept running: when it dies it is started again, sooner if it had run steadily. */
export class SupervisedProcess {
  readonly name: string
  readonly #script: string
  readonly #args: readonly string[]
  readonly #environment: () => NodeJS.ProcessEnv
  readonly #logFile: string
  readonly #onMessage: (message: unknown, handle: unknown) => void
  readonly #onStart: (child: ChildProcess) => void
  readonly #log: Log
  readonly #stopping = new AbortController()
  #child: ChildProcess | undefined
  #running: Promise<void> | undefined

  constructor(parts: {
    name: string
    script: string
    args: readonly string[]
    environment: () => NodeJS.ProcessEnv
    logFile: string
    onMessage?: (message: unknown, handle: unknown) => void
    /** Called with each new child, before it has said anything. */
    onStart?: (child: ChildProcess) => void
    log: Log
  }) {
    this.name = parts.name
    this.#script = parts.script
    this.#args = parts.args
    this.#environment = parts.environment
    this.#logFile = parts.logFile
    this.#onMessage = parts.onMessage ?? (() => undefined)
    this.#onStart = parts.onStart ?? (() => undefined)
    this.#log = parts.log
  }

  /** The process that runs, or ran last; undefined before the first. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Starts it, and again whenever it ends, until `stop`. */
  start(): void {
    this.#running = this.#keepRunning()
  }

  /** Tells it something, if it runs; one that is started later learns it from its environment. */
  send(message: object): void {
    if (this.#child?.connected) this.#child.send(message, () => undefined)
  }

  /** Asks it to end (SIGTERM), ends it by force after `limit` ms, and resolves when it is gone. */
  async stop(limit: number): Promise<void> {
    this.#stopping.abort()
    this.#child?.kill('SIGTERM')
    const force = setTimeout(() => this.#child?.kill('SIGKILL'), limit)
    await this.#running
    clearTimeout(force)
  }

  async #keepRunning(): Promise<void> {
    let backoff = FIRST_BACKOFF_MS
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const start = Date.now()
      const how = await this.#runOnce()
      if (signal.aborted) return
      if (Date.now() - start > STEADY_MS) backoff = FIRST_BACKOFF_MS
      this.#log.warn(
        { child: this.name, how, again_in_ms: backoff },
        'a process ended; starting it again',
      )
      await delay(backoff, undefined, { signal }).catch(() => undefined)
      backoff = Math.min(backoff * 2, LONGEST_BACKOFF_MS)
    }
  }

  async #runOnce(): Promise<string> {
    const output = openLog(this.#logFile)
    // A session of its own: Ctrl-C in the terminal reaches the supervisor only, which then stops everything in order.
    const child = fork(this.#script, this.#args, {
      detached: true,
      env: this.#environment(),
      execArgv: [],
      stdio: ['ignore', output, output, 'ipc'],
    })
    closeSync(output)
    this.#child = child
    child.on('message', this.#onMessage)
    this.#onStart(child)
    return new Promise((resolve) => {
      child.on('error', (error) => resolve(error.message))
      child.on('exit', (code, killed) => resolve(killed ?? `exit code ${code}`))
    })
  }
}

function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true })
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size > LOG_LIMIT_BYTES) renameSync(file, `${file}.1`)
  return openSync(file, 'a', 0o600)
}
