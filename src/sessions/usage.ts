import { EventEmitter } from 'node:events'
import type { JobUsage } from '../launcher/job.ts'
import type { Launcher } from '../launcher/launcher.ts'
import { follow } from './follow.ts'

const STALE_MS = 20_000
const HISTORY_MS = 60_000
const GATHER_MS = 200

/** How much a session computes. */
export interface Load {
  /** Percent of one processor, as a mean. */
  readonly cpuPercent: number
  /** As in JobUsage. */
  readonly terminalPrograms: number | null
}

interface Measured {
  readonly usage: JobUsage
  /** In ms by the clock that nobody sets. */
  readonly at: number
}

/** What each session's job uses, as the Launcher last measured it. */
export class Usage extends EventEmitter<{ measured: [] }> {
  readonly #launcher: Pick<Launcher, 'usage'>
  readonly #jobs = new Map<string, Measured>()
  readonly #history = new Map<string, readonly Measured[]>()
  readonly #stopping = new AbortController()
  #following: Promise<void> | undefined
  #telling: NodeJS.Timeout | undefined

  constructor({ launcher }: { launcher: Pick<Launcher, 'usage'> }) {
    super()
    this.setMaxListeners(0)
    this.#launcher = launcher
  }

  /** Follows the Launcher's measurements until `stop`, also across restarts of the Launcher. */
  start(): void {
    this.#following = follow(
      (signal) => this.#launcher.usage(signal),
      (usage) => this.#take(usage),
      this.#stopping.signal,
    )
  }

  /** Ends following. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    clearTimeout(this.#telling)
    await this.#following
  }

  /** What the session used at the last measurement, unless that is more than 20 s ago. */
  of({ jobId }: { readonly jobId: string | null }): JobUsage | undefined {
    const known = jobId === null ? undefined : this.#jobs.get(jobId)
    return known && performance.now() - known.at < STALE_MS ? known.usage : undefined
  }

  /**
   * How much the session computed over the last `window` ms, a minute at most; undefined if nobody measures it now, or has done so
   * once only: the first measurement is the mean of the session's whole life, with its start.
   */
  load(session: { readonly jobId: string | null }, window: number): Load | undefined {
    const now = this.of(session)
    const last = now && this.#jobs.get(now.id)
    if (now === undefined || last === undefined) return undefined
    const { cpuPercent, terminalPrograms } = now
    const history = this.#history.get(now.id) ?? []
    if (history.length < 2) return undefined
    const first = history.find(({ at }) => last.at - at <= window)
    const elapsed = first === undefined ? 0 : last.at - first.at
    if (first === undefined || elapsed === 0) return { cpuPercent, terminalPrograms }
    const seconds = Math.max(0, now.cpuSeconds - first.usage.cpuSeconds)
    return { cpuPercent: (100_000 * seconds) / elapsed, terminalPrograms }
  }

  // One measurement of many jobs comes in many pieces; listeners hear of it once.
  #take(usage: JobUsage): void {
    const at = performance.now()
    const measured = { usage, at }
    this.#jobs.set(usage.id, measured)
    const recent = this.#history.get(usage.id)?.filter((each) => at - each.at <= HISTORY_MS)
    this.#history.set(usage.id, [...(recent ?? []), measured])
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined
      for (const [id, known] of this.#jobs) {
        if (at - known.at <= STALE_MS) continue
        this.#jobs.delete(id)
        this.#history.delete(id)
      }
      this.emit('measured')
    }, GATHER_MS)
  }
}
