import { pid } from 'node:process'
import type { Log } from '../log.ts'
import { writeInstallState } from './install-state.ts'
import type { InstallState } from './install-state.ts'
import type { InstallProgress } from './install-steps.ts'
import { processStart } from '../proc-stat.ts'

/** Tells an installation's course to its caller and, by the family's state file, to other processes. */
export class InstallReport {
  readonly #file: string
  readonly #log: Log
  readonly #report: (progress: InstallProgress) => void
  #last = ''
  #writes: Promise<void> = Promise.resolve()

  constructor(options: { file: string; log: Log; report: (progress: InstallProgress) => void }) {
    this.#file = options.file
    this.#log = options.log
    this.#report = options.report
  }

  /** Tells progress; what is the same as before is not told again. */
  progress(progress: InstallProgress): void {
    const told = JSON.stringify(progress)
    if (told === this.#last) return
    this.#last = told
    this.#report(progress)
    this.#write({ state: 'installing', ...progress, message: null, mend: null })
  }

  /** Tells the end, and resolves once the state file has it. */
  async end(outcome: { message: string; mend: string } | 'installed'): Promise<void> {
    const nothing = { step: null, percent: null, message: null, mend: null }
    this.#write(
      outcome === 'installed'
        ? { ...nothing, state: 'installed' }
        : { ...nothing, state: 'failed', message: outcome.message, mend: outcome.mend },
    )
    await this.#writes
  }

  #write(state: Omit<InstallState, 'time' | 'pid' | 'startTime'>): void {
    const time = new Date().toISOString()
    this.#writes = this.#writes
      .then(async () => {
        const startTime = (await processStart(pid)) ?? 0
        await writeInstallState(this.#file, { ...state, time, pid, startTime })
      })
      .catch((error: unknown) => {
        this.#log.warn({ err: error }, 'the state of an installation cannot be written')
      })
  }
}
