import { access, constants, realpath, stat } from 'node:fs/promises'
import { delimiter, dirname, isAbsolute, join } from 'node:path'
import { execa } from 'execa'
import type { Log } from '../log.ts'
import type { IdeName } from '../sessions/session.ts'
import type { Program } from './program.ts'

const COMMANDS: Readonly<Record<IdeName, string>> = {
  jupyterlab: 'jupyter-lab',
  'jupyter-notebook': 'jupyter-notebook',
  vscode: 'code-server',
  rstudio: 'rserver',
}

/** Finds the IDEs that the system brings, such as Debian's Jupyter Notebook or RStudio Server. */
export class SystemPrograms {
  readonly #directories: readonly string[]
  readonly #log: Log
  readonly #versions = new Map<string, Promise<string | null>>()

  /** `path` is a list of folders as in $PATH. */
  constructor({ path, log }: { path: string; log: Log }) {
    this.#log = log
    this.#directories = path.split(delimiter).filter(isAbsolute)
  }

  /** The first one in the path that every account of the server can run, or undefined. */
  async find(name: IdeName): Promise<Program | undefined> {
    for (const directory of this.#directories) {
      const file = join(directory, COMMANDS[name])
      if (await usableByAll(file)) return this.program(file)
    }
    return undefined
  }

  /** The program in this file, with its version; that is asked once for each change of the file. */
  async program(file: string): Promise<Program> {
    return { words: [file], binDirectory: null, version: await this.#version(file) }
  }

  async #version(file: string): Promise<string | null> {
    const { mtimeMs } = await stat(file)
    const key = `${file} ${mtimeMs}`
    const known = this.#versions.get(key)
    if (known !== undefined) return known
    const asked = askVersion(file)
    this.#versions.set(key, asked)
    const version = await asked
    if (version === null) this.#log.warn({ program: file }, 'an IDE does not tell its version')
    return version
  }
}

/** True if any account may run this file: it and every folder above it, links resolved, are open to all. */
export async function usableByAll(file: string): Promise<boolean> {
  try {
    const real = await realpath(file)
    await access(real, constants.X_OK)
    if (((await stat(real)).mode & 0o005) !== 0o005) return false
    return await reachableByAll(dirname(real))
  } catch {
    return false
  }
}

/** True if any account may pass through this folder and all above it. Throws if there is no such folder. */
export async function reachableByAll(directory: string): Promise<boolean> {
  const real = await realpath(directory)
  if (((await stat(real)).mode & 0o001) === 0) return false
  return dirname(real) === real || reachableByAll(dirname(real))
}

async function askVersion(file: string): Promise<string | null> {
  const { stdout } = await execa(file, ['--version'], {
    // code-server would write a configuration file into the home.
    env: { HOME: '/nonexistent', PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' },
    extendEnv: false,
    stdin: 'ignore',
    timeout: 20_000,
    reject: false,
  })
  return /^(?:code-server )?v?(\d+\.\d+[\w.+-]*)/m.exec(stdout ?? '')?.[1] ?? null
}
