import { z } from 'zod'
import type { ApiClient } from './api-client.ts'
import type { CliContext } from './context.ts'
import { ExitWith } from './failure.ts'
import { followJob } from './follow-job.ts'
import { speak, type Options, type Speaking } from './job-speaking.ts'
import { endOf } from './job-texts.ts'
import type { OwnJob } from './own-jobs.ts'
import { print } from './print.ts'

const EXIT_INTERRUPTED = 130
const linesBody = z.looseObject({ total: z.int(), at: z.int() })

/** The options of `atelier job logs`. */
export interface LogOptions {
  readonly follow?: boolean
  readonly tail?: number
  readonly sinceLine?: number
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

/** Prints that a job is submitted or, with `follow`, what it prints, and ends as it. */
export async function tell(
  context: CliContext,
  options: Options & { readonly follow?: boolean },
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
  context: CliContext,
  { client }: Speaking,
  wanted: { readonly id: string; readonly from: number; readonly until: 'now' | 'end' },
): Promise<void> {
  const { stdout, stderr } = context
  const signal = context.stopSignal()
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
