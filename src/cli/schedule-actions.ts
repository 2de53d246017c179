import { resolve } from 'node:path'
import type { ConfigOptions } from './config-options.ts'
import { connect } from './connect.ts'
import type { CliContext } from './context.ts'
import type { JsonOption } from './describe.ts'
import { CommandFailure } from './failure.ts'
import { OwnSchedules, type OwnSchedule } from './own-schedules.ts'
import { print, textTable } from './print.ts'
import type { UserOption } from './speak-for.ts'

type Options = ConfigOptions & JsonOption & UserOption

/** When a schedule runs, and as what. */
export interface TimingOptions {
  readonly cron?: string
  readonly timeZone?: string
  readonly name?: string
  readonly missed?: string
  readonly overlap?: string
}

/** What a new schedule runs, beside its file. */
export interface CreateOptions extends TimingOptions {
  readonly command?: string
  readonly profile?: string
  readonly cluster?: string
  readonly workdir?: string
  readonly webhook?: string
  readonly paused?: boolean
}

/** `atelier schedule create` */
export async function createSchedule(
  context: CliContext,
  wanted: {
    readonly file: string | undefined
    readonly args: readonly string[]
    readonly options: Options & CreateOptions
  },
): Promise<void> {
  const { file, args, options } = wanted
  const { command, profile, cluster, workdir, webhook } = options
  // With a command all words are its own.
  const words = command === undefined || file === undefined ? args : [file, ...args]
  if (command === undefined && file === undefined) {
    throw new CommandFailure('USAGE', 'Say what is to be run: a file, or --command NAME')
  }
  const request = {
    ...(command === undefined ? { script: resolve(file ?? '') } : { command }),
    args: words,
    ...given({ profile, cluster, webhook }),
    ...(workdir !== undefined && { workingDirectory: resolve(workdir) }),
  }
  const body = {
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...timing(options),
    enabled: options.paused !== true,
    request,
  }
  const schedule = await (await own(context, options)).create(body)
  print(context, options, { text: line(schedule), json: schedule })
}

/** `atelier schedule list` */
export async function listSchedules(context: CliContext, options: Options): Promise<void> {
  const items = await (await own(context, options)).list()
  const rows = items.map(({ id, name, cron, timeZone, nextAt, enabled, lastProblem }) => [
    id,
    name,
    cron,
    timeZone,
    enabled ? (toSecond(nextAt) ?? 'never') : 'paused',
    lastProblem ?? '',
  ])
  const text =
    rows.length === 0
      ? 'You have no schedules. Make one with: atelier schedule create'
      : textTable(['ID', 'NAME', 'CRON', 'TIME ZONE', 'NEXT', 'PROBLEM'], rows)
  print(context, options, { text, json: { items } })
}

/** `atelier schedule show` */
export async function showSchedule(
  context: CliContext,
  wanted: string,
  options: Options,
): Promise<void> {
  const schedule = await (await own(context, options)).find(wanted)
  const { id, name, cron, timeZone, missed, overlap, request, lastJob, lastProblem } = schedule
  const facts = {
    id,
    name,
    runs: request.script ?? request.command ?? '',
    cron: `${cron} (${timeZone})`,
    next: schedule.enabled ? (toSecond(schedule.nextAt) ?? 'never') : 'paused',
    last: toSecond(schedule.lastAt) ?? 'never',
    job: lastJob ?? 'none',
    missed,
    overlap,
    problem: lastProblem ?? 'none',
  }
  const text = Object.entries(facts).map(([fact, value]) => `${fact.padEnd(8)} ${value}`)
  print(context, options, { text: text.join('\n'), json: schedule })
}

/** `atelier schedule edit` */
export async function editSchedule(
  context: CliContext,
  wanted: string,
  options: Options & TimingOptions,
): Promise<void> {
  const schedules = await own(context, options)
  const changed = await schedules.change(await schedules.find(wanted), timing(options))
  print(context, options, { text: line(changed), json: changed })
}

/** `atelier schedule pause` and `atelier schedule resume` */
export async function setEnabled(
  context: CliContext,
  wanted: string,
  enabled: boolean,
  options: Options,
): Promise<void> {
  const schedules = await own(context, options)
  const changed = await schedules.change(await schedules.find(wanted), { enabled })
  print(context, options, { text: line(changed), json: changed })
}

/** `atelier schedule run` */
export async function runSchedule(
  context: CliContext,
  wanted: string,
  options: Options,
): Promise<void> {
  const schedules = await own(context, options)
  const job = await schedules.run(await schedules.find(wanted))
  print(context, options, { text: `${job.id}  ${job.state}`, json: job })
}

/** `atelier schedule delete` */
export async function deleteSchedule(
  context: CliContext,
  wanted: string,
  options: Options,
): Promise<void> {
  const schedules = await own(context, options)
  const schedule = await schedules.find(wanted)
  await schedules.remove(schedule)
  const { id } = schedule
  print(context, options, { text: `${id}  deleted`, json: { id, deleted: true } })
}

async function own(context: CliContext, options: Options): Promise<OwnSchedules> {
  return new OwnSchedules({ client: await connect(context, options) })
}

function line({ id, enabled, nextAt }: OwnSchedule): string {
  return `${id}  ${enabled ? `next ${toSecond(nextAt) ?? 'never'}` : 'paused'}`
}

function timing({ cron, timeZone, name, missed, overlap }: TimingOptions): object {
  return given({ cron, timeZone, name, missed, overlap })
}

function given(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

function toSecond(time: string | null): string | undefined {
  return time?.replace(/\..*$/, 'Z')
}
