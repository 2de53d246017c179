import type { Session } from './session.ts'
import type { SessionJobs } from './session-jobs.ts'
import type { Usage } from './usage.ts'

/**
 * From how many percent of one processor on, as a mean over a minute, a session computes. Measured of idle sessions with
 * an open tab: 0.2 percent for JupyterLab, 5 for VS Code right after somebody worked in it.
 */
const COMPUTING_PERCENT = 10

const WINDOW_MS = 60_000

/** Whether a session computes although nobody looks: by its processors, its terminals, and what its IDE says. */
export class BusySigns {
  readonly #usage: Pick<Usage, 'load'>
  readonly #jobs: Pick<SessionJobs, 'isBusy'>

  constructor(parts: { usage: Pick<Usage, 'load'>; jobs: Pick<SessionJobs, 'isBusy'> }) {
    this.#usage = parts.usage
    this.#jobs = parts.jobs
  }

  /** True if any sign says so, false if all say no, undefined if one does not tell. `window` in ms is a minute at most. */
  async isBusy(
    session: Session,
    window: number,
    signal: AbortSignal,
  ): Promise<boolean | undefined> {
    const load = this.#usage.load(session, Math.min(window, WINDOW_MS))
    if (load !== undefined) {
      if (load.cpuPercent >= COMPUTING_PERCENT || (load.terminalPrograms ?? 0) > 0) return true
    }
    if (session.location === null) return undefined
    const own = await this.#jobs.isBusy(session, session.location, signal)
    if (own === true) return true
    return load === undefined ? undefined : own
  }
}
