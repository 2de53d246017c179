import { readdir, rm, rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from '../../errors.ts'
import { isJobId, outputFiles } from './output-files.ts'

/** The directories below `root` in which the output of jobs is kept. */
export class OutputDirectories {
  readonly #root: string

  constructor({ root }: { readonly root: string }) {
    this.#root = root
  }

  /** The ids of all jobs that have one, some at a time; what else is there is left out. */
  async *ids(): AsyncGenerator<readonly string[]> {
    for (const group of await entries(this.#root)) {
      if (!/^[A-Za-z0-9_-]{2}$/.test(group)) continue
      const ids = await entries(join(this.#root, group))
      yield ids.filter((id) => isJobId(id) && id.startsWith(group))
    }
  }

  /** True if nothing of it has been written for so many ms. */
  async isOlder(id: string, ms: number): Promise<boolean> {
    const { directory, output } = outputFiles(this.#root, id)
    const times = await Promise.all(
      [directory, output].map(async (path) => {
        const found = await stat(path).catch(() => undefined)
        return found?.mtimeMs ?? 0
      }),
    )
    return Date.now() - Math.max(...times) > ms
  }

  /** Removes that of a job, if there is one. Throws the errors of node:fs. */
  async remove(id: string): Promise<void> {
    const { directory } = outputFiles(this.#root, id)
    await rm(directory, { recursive: true, force: true })
    // Others may be in it, or come to be.
    await rmdir(join(directory, '..')).catch(() => undefined)
  }
}

async function entries(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path)
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return []
    throw error
  }
}
