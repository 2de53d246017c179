import { setTimeout as delay } from 'node:timers/promises'
import { execa } from 'execa'
import { AtelierError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Attempt, AttemptOutcome } from '../pam/attempt.ts'
import type { PasswordSignIn } from './launcher.ts'
import { refusalOf } from './sign-in-answer.ts'
import type { SignInThrottle } from './sign-in-throttle.ts'
import { Turns } from './turns.ts'

/** How the Launcher signs people in. */
export interface SignInOptions {
  /** The service of PAM. */
  readonly service: string
  /** Accounts below it may not sign in, and root never. */
  readonly minimumUid: number
  /** The program of src/pam/authenticate.ts, as a command. */
  readonly program: readonly string[]
  readonly throttle: SignInThrottle
  readonly log: Log
  /** Attempts at the same time. Default 8. */
  readonly atOnce?: number
  /** Milliseconds that one waits for its turn at most. Default 8 000. */
  readonly turnLimit?: number
  /** Milliseconds that one may take then. Default 15 000. */
  readonly limit?: number
}

/** Milliseconds by which PAM's modules may slow down an attempt that failed. */
const LONGEST_DELAY = 3_000

/** Signs accounts in by PAM, each attempt in a process of its own that ends with it. */
export class SignIn {
  readonly #options: SignInOptions
  readonly #turns: Turns

  constructor(options: SignInOptions) {
    this.#options = options
    this.#turns = new Turns({ atOnce: options.atOnce ?? 8 })
  }

  /** Answers the account's name as the system has it. Throws as Launcher.authenticate does, and TOO_MANY_REQUESTS. */
  async authenticate(ask: PasswordSignIn): Promise<{ readonly user: string }> {
    const { throttle, log } = this.#options
    const { user, password, remoteHost } = ask
    throttle.begin(user)
    // PAM would not see what comes after it.
    if (user.includes('\0') || password.includes('\0')) throw new AtelierError('SIGN_IN_FAILED')
    const outcome = await this.#inTurn(ask)
    if (outcome.outcome === 'signed in') {
      throttle.forgive(user)
      log.info({ user: outcome.user, remoteHost }, 'Signed in by PAM')
      return { user: outcome.user }
    }
    const error = refusalOf(outcome)
    if (error.code === 'SIGN_IN_UNAVAILABLE') log.error({ err: error.cause }, 'Nobody can sign in')
    // Without the name: it may be a password that was typed into the wrong field.
    else log.warn({ remoteHost, outcome }, 'Not signed in')
    // Only a password that was right, or none that was tried, is no guess.
    const isUntried = error.code === 'SIGN_IN_UNAVAILABLE' && !('isTried' in outcome)
    if (error.code === 'PASSWORD_EXPIRED' || isUntried) throttle.forgive(user)
    // Not while others wait for the turn.
    if (outcome.outcome === 'refused') await delay(Math.min(outcome.failDelayMs, LONGEST_DELAY))
    throw error
  }

  async #inTurn({ user, password, remoteHost }: PasswordSignIn): Promise<AttemptOutcome> {
    const { service, minimumUid } = this.#options
    const attempt: Attempt = { service, minimumUid, user, password, remoteHost }
    const turn = AbortSignal.timeout(this.#options.turnLimit ?? 8_000)
    return this.#turns
      .take(() => this.#run(attempt), turn)
      .catch((error: unknown) => {
        if (error !== turn.reason) throw error
        throw new AtelierError('TOO_MANY_REQUESTS', undefined, { cause: error })
      })
  }

  async #run(attempt: Attempt): Promise<AttemptOutcome> {
    const [program = '', ...args] = this.#options.program
    const { stdout, stderr, failed, timedOut, shortMessage } = await execa(program, args, {
      input: JSON.stringify(attempt),
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      extendEnv: false,
      cwd: '/',
      timeout: this.#options.limit ?? 15_000,
      killSignal: 'SIGKILL',
      reject: false,
    })
    if (timedOut) return { outcome: 'trouble', why: 'PAM took too long to answer.' }
    if (failed) return { outcome: 'trouble', why: `${shortMessage}\n${stderr}` }
    return readOutcome(stdout)
  }
}

function readOutcome(text: string): AttemptOutcome {
  try {
    return JSON.parse(text)
  } catch {
    return { outcome: 'trouble', why: 'The program that asks PAM has answered nothing.' }
  }
}
