import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { pid } from 'node:process'
import { nanoid } from 'nanoid'
import { systemCode } from './errors.ts'
import { processStart } from './proc-stat.ts'

/** A lock that one process holds until it releases it or dies; that of a dead holder is taken over. */
export class ProcessLock {
  readonly #file: string
  readonly #refusal: (holder: number) => string
  #held = false

  /** `refusal` says to a person what it means that process `holder` has the lock. */
  constructor(options: { readonly file: string; readonly refusal: (holder: number) => string }) {
    this.#file = options.file
    this.#refusal = options.refusal
  }

  /** Takes the lock, or throws an Error with the refusal. */
  async acquire(): Promise<void> {
    if (this.#held) return
    const fresh = `${this.#file}.${nanoid()}`
    await writeFile(fresh, `${pid} ${await processStart(pid)}\n`, { mode: 0o644, flag: 'wx' })
    try {
      while (!(await linked(fresh, this.#file))) await this.#removeIfDead()
      this.#held = true
    } finally {
      await rm(fresh, { force: true })
    }
  }

  /** Gives the lock back; does nothing when it is not held. */
  async release(): Promise<void> {
    if (!this.#held) return
    this.#held = false
    await rm(this.#file, { force: true })
  }

  async #removeIfDead(): Promise<void> {
    const holder = await contents(this.#file)
    if (holder === undefined) return
    await this.#throwIfAlive(holder)
    const stale = `${this.#file}.${nanoid()}`
    const moved = await rename(this.#file, stale).then(
      () => true,
      () => false,
    )
    if (!moved) return
    // Somebody quicker may have replaced the dead lock by a living one between the two lines above.
    const taken = await contents(stale)
    if (taken !== undefined && taken !== holder) await linked(stale, this.#file)
    await rm(stale, { force: true })
  }

  async #throwIfAlive(holder: string): Promise<void> {
    const [holderPid, holderStart] = holder.trim().split(' ')
    if (holderPid === undefined || holderStart === undefined) return
    if (String(await processStart(Number(holderPid))) !== holderStart) return
    throw new Error(this.#refusal(Number(holderPid)))
  }
}

async function contents(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  })
}

async function linked(from: string, to: string): Promise<boolean> {
  return link(from, to).then(
    () => true,
    (error: unknown) => {
      if (systemCode(error) === 'EEXIST') return false
      throw error
    },
  )
}
