import { cwd } from 'node:process'
import type { CliContext } from './context.ts'
import { CommandFailure } from './failure.ts'
import { tell } from './job-logs.ts'
import { speak, type Options } from './job-speaking.ts'
import { absolutePath, jobText, second, variablesOf } from './job-texts.ts'
import type { OwnJob } from './own-jobs.ts'
import { print, textTable } from './print.ts'

/** The options of `atelier job submit`. */
export interface SubmitOptions {
  readonly command?: string
  readonly name?: string
  readonly kind?: string
  readonly cluster?: string
  readonly profile?: string
  readonly python?: string
  readonly r?: string
  readonly env?: readonly string[]
  readonly workdir?: string
  readonly webhook?: string
  readonly follow?: boolean
}

/** The options of `atelier job list`. */
export interface ListOptions {
  readonly state?: readonly string[]
  readonly allUsers?: boolean
  readonly limit: number
}

/** The options of `atelier job stop`. */
export interface StopOptions {
  readonly force?: boolean
}

/** The options of `atelier job run-again`. */
export interface RunAgainOptions {
  readonly follow?: boolean
}

/** Submits a job and prints its id, or what it prints. */
export async function submitJob(
  context: CliContext,
  wanted: {
    readonly file: string | undefined
    readonly args: readonly string[]
    readonly options: Options & SubmitOptions
  },
): Promise<void> {
  const { options } = wanted
  const { command, name, kind, cluster, profile, python, r, webhook } = options
  const words = wanted.file === undefined ? [] : [wanted.file, ...wanted.args]
  const [file, ...rest] = command === undefined ? words : [undefined, ...words]
  if (command === undefined && file === undefined) {
    throw new CommandFailure('USAGE', 'Say what is to be run: a file, or --command NAME.')
  }
  const here = cwd()
  const chosen = { command, name, kind, cluster, profile, python, r, webhook }
  const body = {
    ...Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined)),
    ...(file !== undefined && { script: absolutePath(file, here) }),
    ...(options.workdir !== undefined && { workingDirectory: absolutePath(options.workdir, here) }),
    args: rest,
    environment: variablesOf(options.env ?? [], context.environment),
  }
  const speaking = await speak(context, options)
  await tell(context, options, await speaking.jobs.submit(body), speaking)
}

/** Submits a job again and prints the id of the new one, or what that prints. */
export async function runAgain(
  context: CliContext,
  id: string,
  options: Options & RunAgainOptions,
): Promise<void> {
  const speaking = await speak(context, options)
  await tell(context, options, await speaking.jobs.runAgain(id), speaking)
}

/** Prints which jobs there are. */
export async function listJobs(context: CliContext, options: Options & ListOptions): Promise<void> {
  const { state, allUsers, limit } = options
  const { jobs } = await speak(context, options)
  const items = await jobs.list({
    limit,
    ...(state && { state: state.join(',') }),
    ...(allUsers && { user: '*' }),
  })
  const rows = items.map((job) => [
    job.id,
    ...(allUsers ? [job.user] : []),
    job.name,
    job.state,
    job.exitCode === null ? '' : String(job.exitCode),
    second(job.createdAt),
    runTime(job),
    job.reason ?? '',
  ])
  const headings = ['ID', ...(allUsers ? ['USER'] : []), 'NAME', 'STATE', 'EXIT', 'SUBMITTED']
  const text =
    rows.length === 0
      ? 'There are no such jobs. Submit one with: atelier job submit FILE'
      : textTable([...headings, 'RAN', 'REASON'], rows)
  print(context, options, { text, json: { items } })
}

/** Prints what is known of a job. */
export async function showJob(context: CliContext, id: string, options: Options): Promise<void> {
  const job = await (await speak(context, options)).jobs.get(id)
  print(context, options, { text: jobText(job), json: job })
}

/** Stops a job. */
export async function stopJob(
  context: CliContext,
  id: string,
  options: Options & StopOptions,
): Promise<void> {
  const { jobs } = await speak(context, options)
  const job = await jobs.stop({ id }, options.force === true)
  print(context, options, { text: `${job.id}  ${job.state}`, json: job })
}

function runTime({ startedAt, endedAt }: OwnJob): string {
  if (startedAt === null) return ''
  const until = endedAt === null ? Date.now() : Date.parse(endedAt)
  return `${Math.max(0, Math.round((until - Date.parse(startedAt)) / 1000))} s`
}
