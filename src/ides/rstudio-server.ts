import { access, constants, realpath, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { AtelierError } from '../errors.ts'
import type { IdeStatus } from './ide.ts'
import type { Program } from './program.ts'
import { usableByAll, type SystemPrograms } from './system-programs.ts'

/** An RStudio Server that sessions can use. */
export interface RServer {
  readonly file: string
  readonly version: string | null
  /** The options it knows, without dashes. */
  readonly options: ReadonlySet<string>
  /** The program that runs R beside it; null if it lies elsewhere. */
  readonly rsession: string | null
}

/** Without these a session cannot be private; all of them are there since 2024.12, the last one first then. */
const REQUIRED_OPTIONS = [
  'secure-cookie-key-file',
  'server-data-dir',
  'database-config-file',
  'www-root-path',
  'www-socket',
]

const WANTED = 'RStudio Server 2024.12 or newer'
const PLACES = '/usr/lib/rstudio-server/bin, in the system path, or where ides.rserver says'

/** The RStudio Server of the system: Atelier uses it and does not install it. */
export class RStudioServer {
  readonly #system: SystemPrograms
  readonly #file: string | undefined
  readonly #options = new Map<string, Promise<ReadonlySet<string>>>()

  /** `file` is the one to use, if the configuration names one. */
  constructor(parts: { system: SystemPrograms; file: string | undefined }) {
    this.#system = parts.system
    this.#file = parts.file
  }

  /** What can be said of it without its name and title. */
  async status(): Promise<Omit<IdeStatus, 'name' | 'title'>> {
    const found = await this.#find()
    const problem = found === undefined ? this.#notFound() : problemOf(found)
    return {
      state: problem === null ? 'installed' : 'missing',
      version: found?.version ?? null,
      step: null,
      percent: null,
      message: problem,
      mend: null,
    }
  }

  /** The server to start. Throws AtelierError IDE_MISSING with what is to be installed. */
  async require(): Promise<RServer> {
    const found = await this.#find()
    const problem = found === undefined ? this.#notFound() : problemOf(found)
    if (found === undefined || problem !== null) {
      throw new AtelierError('IDE_MISSING', `RStudio cannot be used. ${problem ?? ''}`)
    }
    return found
  }

  #notFound(): string {
    return this.#file === undefined
      ? `An administrator can install ${WANTED}, together with R; it is found in ${PLACES}.`
      : `ides.rserver names ${this.#file}, which is not a program that every account can run.`
  }

  async #find(): Promise<RServer | undefined> {
    const program = await this.#program()
    if (program === undefined) return undefined
    const { words, version } = program
    const [file] = words
    const [options, rsession] = await Promise.all([this.#optionsOf(file), rsessionBeside(file)])
    return { file, version, options, rsession }
  }

  async #program(): Promise<Program | undefined> {
    const file = this.#file
    if (file === undefined) return this.#system.find('rstudio')
    return (await usableByAll(file)) ? this.#system.program(file) : undefined
  }

  async #optionsOf(file: string): Promise<ReadonlySet<string>> {
    const key = `${file} ${(await stat(file)).mtimeMs}`
    const known = this.#options.get(key)
    if (known !== undefined) return known
    const asked = askOptions(file)
    this.#options.set(key, asked)
    const options = await asked
    // It was too slow to answer, perhaps.
    if (options.size === 0) this.#options.delete(key)
    return options
  }
}

/** The options in a help text as programs on Boost print it: one a line, with two dashes. */
export function optionsIn(help: string): ReadonlySet<string> {
  return new Set(
    [...help.matchAll(/^\s*(?:-\w \[ )?--([a-z][a-z0-9-]*)/gm)].map(([, name = '']) => name),
  )
}

function problemOf({ version, options }: RServer): string | null {
  if (REQUIRED_OPTIONS.every((name) => options.has(name))) return null
  return `RStudio Server ${version ?? 'of unknown version'} is installed, but it cannot listen on a private socket. An administrator can install ${WANTED}.`
}

async function rsessionBeside(file: string): Promise<string | null> {
  const rsession = join(dirname(await realpath(file)), 'rsession')
  try {
    await access(rsession, constants.X_OK)
    return rsession
  } catch {
    return null
  }
}

async function askOptions(file: string): Promise<ReadonlySet<string>> {
  const { stdout } = await execa(file, ['--help'], {
    env: { HOME: '/nonexistent', PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' },
    extendEnv: false,
    stdin: 'ignore',
    timeout: 20_000,
    reject: false,
  })
  return optionsIn(stdout ?? '')
}
