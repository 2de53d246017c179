import { readFile } from 'node:fs/promises'
import type { Ides } from '../ides/ides.ts'
import type { Versions } from '../ides/versions.ts'
import type { AllowedCommands } from './allowed-commands.ts'
import { jobCommand, type JobCommand } from './job-command.ts'
import type { JobRequest } from './workbench-job.ts'

const RUNNER = new URL('run-notebook.py', import.meta.url)

/** What is run for jobs, with what is found out for it first: the home, the chosen versions, Jupyter. */
export class JobCommands {
  readonly #homeOf: (user: string) => Promise<string>
  readonly #versions: Pick<Versions, 'choose'>
  readonly #ides: Pick<Ides, 'jupyter'>
  readonly #commands: () => AllowedCommands

  constructor(parts: {
    homeOf: (user: string) => Promise<string>
    versions: Pick<Versions, 'choose'>
    ides: Pick<Ides, 'jupyter'>
    /** Those that are allowed now. */
    commands: () => AllowedCommands
  }) {
    this.#homeOf = parts.homeOf
    this.#versions = parts.versions
    this.#ides = parts.ides
    this.#commands = parts.commands
  }

  /**
   * Throws what nothing can be run for: VERSION_UNUSABLE, IDE_MISSING or IDE_INSTALLING, COMMAND_UNKNOWN, BAD_REQUEST. What
   * may pass by itself it throws too, as LAUNCHER_UNAVAILABLE.
   */
  async of(job: JobRequest & { readonly id: string; readonly user: string }): Promise<JobCommand> {
    // Only of notebooks a Python needs more than to run: a kernel.
    const ide = job.kind === 'notebook' ? 'jupyterlab' : 'vscode'
    return jobCommand(job, {
      home: await this.#homeOf(job.user),
      versions: await this.#versions.choose(job.user, ide, job),
      commands: this.#commands(),
      ...(job.kind === 'notebook' && {
        notebooks: {
          jupyter: await this.#ides.jupyter(),
          runner: await readFile(RUNNER, 'utf8'),
        },
      }),
    })
  }
}
