import { once } from 'node:events'
import { open, readFile, writeFile } from 'node:fs/promises'
import { pid } from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { execa } from 'execa'

const RETRY_MS = 50
const PATIENCE_MS = 3000

/** Held until released, or until the process that holds it ends, however it ends. */
export interface HeldLock {
  release(): Promise<void>
}

/**
 * Takes the lock of a file if nobody holds it, else resolves with undefined. The kernel keeps it (flock(1)), so that
 * none is left over from a process that was killed. Throws if flock cannot be run.
 */
export async function tryLock(file: string): Promise<HeldLock | undefined> {
  // Whoever can open the file could hold the lock.
  await (await open(file, 'a', 0o600)).close()
  // cat ends with us, as its standard input does.
  const holder = execa('flock', ['-n', file, 'sh', '-c', 'echo held; exec cat'], {
    env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' },
    extendEnv: false,
    stdin: 'pipe',
    buffer: false,
    reject: false,
    // A Ctrl-C at the terminal is for us, who still have to clean up under the lock.
    detached: true,
  })
  const held = await Promise.race([
    once(holder.stdout, 'data').then(() => true),
    holder.then(() => false),
  ])
  if (held) {
    return {
      async release() {
        holder.stdin.end()
        await holder
      },
    }
  }
  const { exitCode, message } = await holder
  if (exitCode === 1) return undefined
  throw new Error(`flock cannot be used: ${message ?? exitCode}`)
}

/** A lock that one process holds until it releases it or dies. */
export class ProcessLock {
  readonly #file: string
  readonly #refusal: (holder: string) => string
  #held: HeldLock | undefined

  /** `refusal` says to a person what it means that process `holder` has the lock. */
  constructor(options: { readonly file: string; readonly refusal: (holder: string) => string }) {
    this.#file = options.file
    this.#refusal = options.refusal
  }

  /** Takes the lock; waits up to 3 s for a holder that is about to end, then throws an Error with the refusal. */
  async acquire(): Promise<void> {
    if (this.#held) return
    const deadline = Date.now() + PATIENCE_MS
    while (!(this.#held = await tryLock(this.#file))) {
      if (Date.now() > deadline) {
        throw new Error(this.#refusal((await readFile(this.#file, 'utf8')).trim()))
      }
      await delay(RETRY_MS)
    }
    await writeFile(this.#file, `${pid}\n`)
  }

  /** Gives the lock back; does nothing when it is not held. */
  async release(): Promise<void> {
    const held = this.#held
    this.#held = undefined
    await held?.release()
  }
}
