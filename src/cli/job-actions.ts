import { cwd } from 'node:process'
import { z } from 'zod'
import type { ApiClient } from './api-client.ts'
import type { ConfigOptions } from './config-options.ts'
import { connect } from './connect.ts'
import type { CliContext } from './context.ts'
import type { JsonOption } from './describe.ts'
import { CommandFailure, ExitWith } from './failure.ts'
import { followJob } from './follow-job.ts'
import { absolutePath, endOf, jobText, second, variablesOf } from './job-texts.ts'
import { OwnJobs, type OwnJob } from './own-jobs.ts'
import { print, textTable } from './print.ts'
import type { UserOption } from './speak-for.ts'

/** The options of every command of `atelier job`. */
export type Options = ConfigOptions & JsonOption & UserOption

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

/** The options of `atelier job logs`. */
export interface LogOptions {
  readonly follow?: boolean
  readonly tail?: number
  readonly sinceLine?: number
}

/** The options of `atelier job stop`. */
export interface StopOptions {
  readonly force?: boolean
}

/** The options of `atelier job run-again`. */
export interface RunAgainOptions {
  readonly follow?: boolean
}

interface Speaking {
  readonly client: ApiClient
  readonly jobs: OwnJobs
}

const EXIT_INTERRUPTED = 130
const linesBody = z.looseObject({ total: z.int(), at: z.int() })

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

/** Prints what a job has printed and, with `follow`, all that it prints until it has ended. */
export async function followLogs(
  context: CliContext,
  id: string,
  options: Options & LogOptions,
): Promise<void> {
  const speaking = await speak(context, options)
  await speaking.jobs.get(id)
  const from = await firstByte(speaking.client, id, options)
  await follow(context, speaking, { id, from, until: options.follow ? 'end' : 'now' })
  if (options.follow) await endAs(context, options, id, speaking)
}

async function firstByte(
  client: ApiClient,
  id: string,
  { tail, sinceLine }: LogOptions,
): Promise<number> {
  if (tail === undefined && sinceLine === undefined) return 0
  const look = async (from: number) => {
    const path = `/api/v1/jobs/${encodeURIComponent(id)}/lines?from=${from}&count=1`
    return linesBody.parse(await client.request('GET', path))
  }
  if (sinceLine !== undefined) return (await look(sinceLine - 1)).at
  const { total } = await look(0)
  return (await look(Math.max(0, total - (tail ?? 0)))).at
}

async function tell(
  context: CliContext,
  options: Options & RunAgainOptions,
  job: OwnJob,
  speaking: Speaking,
): Promise<void> {
  if (!options.follow) {
    print(context, options, { text: `${job.id}  ${job.state}`, json: job })
    return
  }
  // Beside what the job prints.
  context.stderr.write(`atelier: Job ${job.id} is submitted.\n`)
  await follow(context, speaking, { id: job.id, from: 0, until: 'end' })
  await endAs(context, options, job.id, speaking)
}

async function follow(
  { stdout, stderr, stopSignal }: CliContext,
  { client }: Speaking,
  wanted: { readonly id: string; readonly from: number; readonly until: 'now' | 'end' },
): Promise<void> {
  const signal = stopSignal()
  const write = async (type: 'stdout' | 'stderr', text: string) => {
    if (type === 'stderr') stderr.write(text)
    // As fast as it is read, or all of it would be in memory.
    else await new Promise<void>((resolve) => stdout.write(text, () => resolve()))
  }
  try {
    await followJob({ client, ...wanted, write, signal })
  } catch (error) {
    throw signal.aborted ? new ExitWith(EXIT_INTERRUPTED) : error
  }
}

/** Ends this command as the job has ended. */
async function endAs(
  context: CliContext,
  options: Options,
  id: string,
  { jobs }: Speaking,
): Promise<void> {
  const job = await jobs.ended(id, context.stopSignal())
  const { code, sentence } = endOf(job)
  if (sentence !== undefined) context.stderr.write(`atelier: ${sentence}\n`)
  if (options.json) context.stdout.write(`${JSON.stringify(job)}\n`)
  if (code !== 0) throw new ExitWith(code)
}

function runTime({ startedAt, endedAt }: OwnJob): string {
  if (startedAt === null) return ''
  const until = endedAt === null ? Date.now() : Date.parse(endedAt)
  return `${Math.max(0, Math.round((until - Date.parse(startedAt)) / 1000))} s`
}

async function speak(context: CliContext, options: Options): Promise<Speaking> {
  const client = await connect(context, options)
  return { client, jobs: new OwnJobs({ client }) }
}
