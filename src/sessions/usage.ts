import { EventEmitter } from 'node:events'
import type { JobUsage } from '../launcher/job.ts'
import type { Launcher } from '../launcher/launcher.ts'
import { follow } from './follow.ts'

const STALE_MS = 20_000
const GATHER_MS = 200

/** What each session's job uses, as the Launcher last measured it. */
export class Usage extends EventEmitter<{ measured: [] }> {
  readonly #launcher: Pick<Launcher, 'usage'>
  readonly #jobs = new Map<string, { usage: JobUsage; at: number }>()
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
    return known && Date.now() - known.at < STALE_MS ? known.usage : undefined
  }

  // One measurement of many jobs comes in many pieces; listeners hear of it once.
  #take(usage: JobUsage): void {
    const at = Date.now()
    this.#jobs.set(usage.id, { usage, at })
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined
      for (const [id, known] of this.#jobs) if (at - known.at > STALE_MS) this.#jobs.delete(id)
      this.emit('measured')
    }, GATHER_MS)
  }
}
