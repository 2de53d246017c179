import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { pid } from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'

const RETRY_MS = 50
const PATIENCE_MS = 3000

/** Held until released, or until the process that holds it ends, however it ends. */
export interface HeldLock {
  /** Leaves word of this process in the file. */
  sign(): Promise<void>
  release(): Promise<void>
}

/**
 * Takes the lock of a file if nobody holds it, else resolves with undefined. The kernel keeps it (flock(2)), so that
 * none is left over from a process that was killed. Throws if flock(1) cannot be run or the file is a link.
 */
export async function tryLock(file: string): Promise<HeldLock | undefined> {
  // Whoever can open the file could hold the lock.
  return lock(await openLock(file, constants.O_RDWR | constants.O_CREAT))
}

/** As tryLock, of a directory that only we may read; needs no file in it. It cannot be signed. */
export async function tryLockDirectory(directory: string): Promise<HeldLock | undefined> {
  return lock(await open(directory, constants.O_RDONLY | constants.O_DIRECTORY))
}

async function lock(handle: FileHandle): Promise<HeldLock | undefined> {
  try {
    // It locks our open file, not its own, so the lock stays until we close it.
    const flock = spawn('flock', ['-n', '3'], {
      env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' },
      stdio: ['ignore', 'ignore', 'ignore', handle.fd],
      // A Ctrl-C at the terminal is for us, who decide what it means.
      detached: true,
    })
    const [exitCode] = await once(flock, 'exit')
    if (exitCode === 0) return heldLock(handle)
    if (exitCode !== 1) throw new Error(`flock cannot be used: ${exitCode}`)
  } catch (error) {
    await handle.close()
    throw error
  }
  await handle.close()
  return undefined
}

function heldLock(handle: FileHandle): HeldLock {
  return {
    async sign() {
      await handle.truncate()
      await handle.write(`${pid}\n`, 0)
    },
    release: () => handle.close(),
  }
}

function openLock(file: string, flags: number): Promise<FileHandle> {
  return open(file, flags | constants.O_NOFOLLOW, 0o600)
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
        throw new Error(this.#refusal(await this.#holder()))
      }
      await delay(RETRY_MS)
    }
    await this.#held.sign()
  }

  /** Gives the lock back; does nothing when it is not held. */
  async release(): Promise<void> {
    const held = this.#held
    this.#held = undefined
    await held?.release()
  }

  async #holder(): Promise<string> {
    const handle = await openLock(this.#file, constants.O_RDONLY)
    try {
      return (await handle.readFile('utf8')).trim()
    } finally {
      await handle.close()
    }
  }
}
