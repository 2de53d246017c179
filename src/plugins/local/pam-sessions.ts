import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Turns } from '../../launcher/turns.ts'
import type { Log } from '../../log.ts'
import { SESSION_FILE, type OpenSession } from '../../pam/chain.ts'
import { hasService } from '../../pam/service-files.ts'
import type { Login } from './command.ts'
import { bootId } from './processes.ts'

const AT_ONCE = 16
/** Milliseconds; the program limits itself before. */
const CLOSE_LIMIT = 40_000

/** The PAM sessions of jobs: whether one is to be opened, and the end of those that are open. */
export class PamSessions {
  readonly #configured: Login
  readonly #log: Log
  readonly #turns = new Turns({ atOnce: AT_ONCE })
  #isMissed = false

  constructor({ login, log }: { login: Login; log: Log }) {
    this.#configured = login
    this.#log = log
  }

  /** How the next job becomes its account's: without a PAM session if PAM does not know the service. */
  get login(): Login {
    const { pam } = this.#configured
    if (pam === undefined || hasService(pam.service)) return this.#configured
    if (!this.#isMissed) {
      this.#isMissed = true
      this.#log.warn(
        { service: pam.service },
        'PAM has no such service: jobs start without a PAM session. As root, atelier pam install makes it',
      )
    }
    return { ...this.#configured, pam: undefined }
  }

  /** Closes the session of a job of which nothing runs any more, if it has one. What fails is in the log. */
  async close(directory: string): Promise<void> {
    const { pam } = this.#configured
    const session = openSession(directory)
    if (session === undefined || pam === undefined) return
    // With the system all its sessions have ended, and their names may be others' by now.
    if (session.bootId !== bootId()) return
    const [program = '', ...args] = pam.program
    try {
      await this.#turns.take(() =>
        promisify(execFile)(program, [...args, 'close', directory], {
          env: {},
          timeout: CLOSE_LIMIT,
          killSignal: 'SIGKILL',
        }),
      )
    } catch (error) {
      this.#log.warn({ err: error, directory }, 'The PAM session of a job is not closed')
    }
  }
}

function openSession(directory: string): OpenSession | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, SESSION_FILE), 'utf8'))
  } catch {
    return undefined
  }
}
