import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pid } from 'node:process'
import { nanoid } from 'nanoid'
import { systemCode } from '../errors.ts'

/**
 * Keeps two Ateliers from supervising one database directory: the second would stop the server of the first. A lock whose
 * holder has died is taken over.
 */
export class DirectoryLock {
  readonly #file: string
  #held = false

  constructor(options: { readonly file: string }) {
    this.#file = options.file
  }

  /** Takes the lock, or throws an Error that names the process that holds it. */
  async acquire(): Promise<void> {
    if (this.#held) return
    const fresh = `${this.#file}.${nanoid()}`
    await writeFile(fresh, `${pid} ${await startTime(pid)}\n`, { mode: 0o644, flag: 'wx' })
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
    if ((await startTime(Number(holderPid))) !== holderStart) return
    throw new Error(
      `Another Atelier (process ${holderPid}) already runs the database in ${dirname(this.#file)}.`,
    )
  }
}

/** When the process started, in clock ticks since boot: with the pid it names one process; empty if there is none. */
async function startTime(process: number): Promise<string> {
  const stat = await readFile(`/proc/${process}/stat`, 'utf8').catch(() => '')
  // The name in the second field may hold spaces and brackets, so count from its end.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return state === 'Z' ? '' : (fields[18] ?? '')
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
