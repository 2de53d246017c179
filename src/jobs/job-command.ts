import { dirname } from 'node:path'
import { AtelierError } from '../errors.ts'
import type { ChosenVersions } from '../ides/language-version.ts'
import type { Program } from '../ides/program.ts'
import { type AllowedCommands, allowedWords } from './allowed-commands.ts'
import { notebookScript, pythonScript, rScript, shellScript } from './job-scripts.ts'
import type { JobRequest } from './workbench-job.ts'

/** The variable that tells a job its own id; ATELIER_JOB_ID is that of its Launcher job, by which its processes are known. */
const JOB_ID_VARIABLE = 'ATELIER_WORKBENCH_JOB_ID'
/** The variable that carries the program that runs notebooks, which would fill the lists of processes. */
const RUNNER_VARIABLE = 'ATELIER_RUN_NOTEBOOK'

/** What the Launcher runs for a Workbench job. */
export interface JobCommand {
  readonly exe: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  /** An absolute path. */
  readonly workingDirectory: string
}

/** What a job's command is made from, beside the request. */
export interface JobContext {
  /** Of its user. */
  readonly home: string
  /** The Python and the R that were chosen for it. */
  readonly versions: ChosenVersions
  /** The commands that an administrator allows. */
  readonly commands: AllowedCommands
  /** For notebooks only: the Jupyter that executes them, and the Python program that makes it do so. */
  readonly notebooks?: {
    readonly jupyter: Pick<Program, 'words' | 'binDirectory'>
    readonly runner: string
  }
}

/**
 * What is run for a job. What it was given reaches no shell as text of a program: its file and arguments are arguments.
 * Throws COMMAND_UNKNOWN or BAD_REQUEST for a command that is not allowed (so), and IDE_MISSING for a notebook without Jupyter.
 */
export function jobCommand(
  job: JobRequest & { readonly id: string },
  { home, versions, commands, notebooks }: JobContext,
): JobCommand {
  const { id, kind, script, args } = job
  const environment = { ...job.environment, [JOB_ID_VARIABLE]: id }
  const workingDirectory = job.workingDirectory ?? (script === null ? home : dirname(script))
  if (kind === 'command') {
    return { ...allowedWords(job, commands), environment, workingDirectory }
  }
  if (script === null) throw new AtelierError('BAD_REQUEST', 'The job has no file to run.')
  const byShell = (text: string, ...words: readonly string[]) => ({
    exe: '/bin/sh',
    args: ['-c', text, 'job', script, ...words],
  })
  if (kind === 'notebook') {
    if (notebooks === undefined) throw new AtelierError('IDE_MISSING')
    return {
      ...byShell(notebookScript(notebooks.jupyter, versions, RUNNER_VARIABLE)),
      environment: { ...environment, [RUNNER_VARIABLE]: notebooks.runner },
      workingDirectory,
    }
  }
  return { ...byShell(SCRIPTS[kind](versions), ...args), environment, workingDirectory }
}

const SCRIPTS = { r: rScript, python: pythonScript, shell: shellScript } as const
