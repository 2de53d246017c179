import { Argument, Command, Option } from 'commander'
import { MISSED_RULES, OVERLAP_RULES } from '../schedules/schedule.ts'
import { withConfig, type ConfigOptions } from './config-options.ts'
import { CONNECT_HELP } from './connect.ts'
import type { CliContext } from './context.ts'
import { describe, withJson, type JsonOption, type Teaching } from './describe.ts'
import {
  createSchedule,
  deleteSchedule,
  editSchedule,
  listSchedules,
  runSchedule,
  setEnabled,
  showSchedule,
  type CreateOptions,
  type TimingOptions,
} from './schedule-actions.ts'
import { withUser, type UserOption } from './speak-for.ts'

type Options = ConfigOptions & JsonOption & UserOption

/** `atelier schedule` */
export function scheduleCommand(context: CliContext): Command {
  const leaf = (name: string, teaching: Teaching) =>
    describe(withJson(withUser(withConfig(new Command(name)))), teaching).addHelpText(
      'after',
      CONNECT_HELP,
    )
  const one = (name: string, teaching: Teaching) =>
    leaf(name, teaching).addArgument(new Argument('<schedule>', 'its id, or its name'))

  const create = withTiming(
    leaf('create', {
      summary: 'run a job again and again',
      description:
        'Makes a schedule: a file, or an allowed command, that is run as a job at the times of a cron expression (minute hour day month weekday). Each time it is run once, however many servers there are. Where clocks are put forward, a time that does not exist comes at the end of the gap; where they are put back, a time that exists twice comes once.',
      examples: [
        ['atelier schedule create --cron "30 6 * * MON-FRI" report.R', 'on workdays at 6:30'],
        [
          'atelier schedule create --cron "0 * * * *" --missed once sync.py -- --all',
          'each hour; what was missed in an outage is made up for by one run',
        ],
        ['atelier schedule create --cron "0 2 * * *" --command nightly', 'an allowed command'],
      ],
    }),
  )
    .addArgument(new Argument('[file]', 'what is run'))
    .addArgument(
      new Argument('[arguments...]', 'what it is told; after -- also what begins with a dash'),
    )
    .option('--command <name>', 'run this allowed command; what follows are its arguments')
    .option('--profile <name>', 'the resource profile that it is limited to')
    .option('--cluster <name>', 'the Launcher cluster that runs it')
    .option('--workdir <directory>', "where it runs (default: the file's directory)")
    .option('--webhook <url>', 'where it is told when a run has ended')
    .option('--paused', 'start nothing yet')
    .action((file: string | undefined, args: readonly string[], options: Options & CreateOptions) =>
      createSchedule(context, { file, args, options }),
    )

  const list = leaf('list', {
    summary: 'show your schedules',
    description: 'Shows your schedules, oldest first, with their next run and what went wrong.',
    examples: [['atelier schedule list', 'as a table']],
  }).action((options: Options) => listSchedules(context, options))

  const show = one('show', {
    summary: 'show a schedule',
    description: 'Shows a schedule: when it runs, what, and what became of its last run.',
    examples: [['atelier schedule show report', 'by its name']],
  }).action((wanted: string, options: Options) => showSchedule(context, wanted, options))

  const edit = withTiming(
    one('edit', {
      summary: 'change when a schedule runs',
      description: 'Changes the name or the times of a schedule; what is left out stays.',
      examples: [['atelier schedule edit report --cron "0 7 * * *"', 'from now on at 7']],
    }),
  ).action((wanted: string, options: Options & TimingOptions) =>
    editSchedule(context, wanted, options),
  )

  const pause = one('pause', {
    summary: 'start nothing until it is resumed',
    description: 'Pauses a schedule. A run that goes on goes on.',
    examples: [['atelier schedule pause report', 'until it is resumed']],
  }).action((wanted: string, options: Options) => setEnabled(context, wanted, false, options))

  const resume = one('resume', {
    summary: 'let a paused schedule go on',
    description: 'Lets a paused schedule go on with its next time; what came meanwhile is not run.',
    examples: [['atelier schedule resume report', 'from now on']],
  }).action((wanted: string, options: Options) => setEnabled(context, wanted, true, options))

  const run = one('run', {
    summary: 'run it now, too',
    description: 'Submits the job of a schedule now and prints its id. Its times stay as they are.',
    examples: [['atelier schedule run report', 'to try it']],
  }).action((wanted: string, options: Options) => runSchedule(context, wanted, options))

  const remove = one('delete', {
    summary: 'remove a schedule',
    description: 'Removes a schedule, so that it starts nothing any more. Its jobs stay.',
    examples: [['atelier schedule delete report', 'and there is no way back']],
  }).action((wanted: string, options: Options) => deleteSchedule(context, wanted, options))

  const command = new Command('schedule')
    .summary('jobs that are run again and again: create, list, pause, run')
    .description('Your schedules, by which jobs are started at the times of a cron expression.')
  for (const each of [create, list, show, edit, pause, resume, run, remove]) {
    command.addCommand(each)
  }
  return command
}

function withTiming(command: Command): Command {
  const isNew = command.name() === 'create'
  const unless = (otherwise: string) => (isNew ? ` (default: ${otherwise})` : '')
  return command
    .addOption(
      new Option(
        '--cron <expression>',
        'when: minute hour day month weekday, in quotes',
      ).makeOptionMandatory(isNew),
    )
    .option('--time-zone <zone>', `such as Europe/Berlin${unless("this machine's")}`)
    .option('--name <name>', 'what you call it')
    .addOption(
      new Option(
        '--missed <rule>',
        `runs that were missed: skip them, or run once for all of them${unless('skip')}`,
      ).choices(MISSED_RULES),
    )
    .addOption(
      new Option(
        '--overlap <rule>',
        `a run while the one before goes on: skip it, or allow it${unless('skip')}`,
      ).choices(OVERLAP_RULES),
    )
}
