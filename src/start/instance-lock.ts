import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { pid } from 'node:process'
import { systemCode } from '../errors.ts'

/** What keeps a second Atelier off the same data directory: a file with the pid and start time of the first. */
export class InstanceLock {
  readonly #file: string

  constructor({ file }: { file: string }) {
    this.#file = file
  }

  /** Takes the lock; that of a process which no longer runs is taken over. Throws when another one runs. */
  acquire(): void {
    mkdirSync(dirname(this.#file), { recursive: true })
    for (;;) {
      try {
        writeFileSync(this.#file, `${pid} ${startTime(pid)}\n`, { flag: 'wx' })
        return
      } catch (error) {
        if (systemCode(error) !== 'EEXIST') throw error
      }
      const holder = this.#holder()
      if (holder !== undefined) {
        throw new Error(
          `Atelier already runs on this data directory (process ${holder}). Stop that one first, or give this one a directory of its own with --set data.directory=/another/place`,
        )
      }
      rmSync(this.#file, { force: true })
    }
  }

  /** Gives the lock up. */
  release(): void {
    rmSync(this.#file, { force: true })
  }

  #holder(): number | undefined {
    const [holder, started] = readFileSync(this.#file, 'utf8').trim().split(' ')
    return started !== undefined && startTime(Number(holder)) === started
      ? Number(holder)
      : undefined
  }
}

/** Field 22 of /proc/PID/stat (proc(5)): with it a pid names one process for ever; undefined when there is none. */
function startTime(of: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${of}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
