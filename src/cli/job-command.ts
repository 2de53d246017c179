import { Argument, Command, InvalidArgumentError, Option } from 'commander'
import { JOB_STATES } from '../jobs/workbench-job.ts'
import { withConfig } from './config-options.ts'
import { CONNECT_HELP } from './connect.ts'
import type { CliContext } from './context.ts'
import { describe, withJson, type Teaching } from './describe.ts'
import {
  listJobs,
  runAgain,
  showJob,
  stopJob,
  submitJob,
  type ListOptions,
  type RunAgainOptions,
  type StopOptions,
  type SubmitOptions,
} from './job-actions.ts'
import { followLogs, type LogOptions } from './job-logs.ts'
import type { Options } from './job-speaking.ts'
import { withUser } from './speak-for.ts'
import { webhookSecretCommand } from './webhook-command.ts'

/** `atelier job` */
export function jobCommand(context: CliContext): Command {
  const leaf = (name: string, teaching: Teaching) =>
    describe(withJson(withUser(withConfig(new Command(name)))), teaching).addHelpText(
      'after',
      CONNECT_HELP,
    )
  const job = new Argument('<job>', 'its id, as "atelier job list" shows it')

  const submit = leaf('submit', {
    summary: 'run a file, or an allowed command, to its end',
    description:
      'Submits a job: a file of R (.R), Python (.py) or a shell (.sh), a notebook (.ipynb), or a command that an administrator allows. What begins with a dash and is meant for it comes behind --. It runs apart from this command, also when this terminal is closed. In the terminal of a session it needs no token: the session has one.',
    examples: [
      [
        'atelier job submit model.R -- --seed 7',
        'and print its id; what is behind -- is for the file',
      ],
      ['atelier job submit train.py --profile large --follow', 'and show what it prints'],
      ['atelier job submit report.ipynb --env API_KEY', 'with a variable of this terminal'],
      ['atelier job submit --command nightly', 'a command of the configuration'],
    ],
  })
    .addArgument(new Argument('[file]', 'what is run'))
    .addArgument(new Argument('[arguments...]', 'what it is told on its command line'))
    .option('--command <name>', 'run this allowed command; what follows are its arguments')
    .option('--name <name>', 'what you call it')
    .addOption(
      new Option('--kind <kind>', 'what the file is, if its name does not tell').choices([
        'r',
        'python',
        'shell',
        'notebook',
      ]),
    )
    .option('--cluster <name>', 'the Launcher cluster that runs it')
    .option('--profile <name>', 'the resource profile that it is limited to')
    .option('--python <id>', 'the Python that runs it: an id that "atelier versions" shows')
    .option('--r <id>', 'the R that runs it, in the same way')
    .option(
      '--env <name[=value]>',
      'a variable for it; without a value that of this terminal, as it is for secrets; repeatable',
      oneMore,
    )
    .option('--workdir <directory>', "where it runs (default: the file's directory)")
    .option('--webhook <url>', 'where it is told when the job has ended')
    .option('-f, --follow', 'show what it prints, and end with it and as it')
    .action((file: string | undefined, args: readonly string[], options: Options & SubmitOptions) =>
      submitJob(context, { file, args, options }),
    )

  const list = leaf('list', {
    summary: 'show your jobs',
    description:
      'Shows your jobs, the latest first: id, name, state, exit code, when it was submitted, how long it ran, and why it is so.',
    examples: [
      ['atelier job list', 'the latest 50'],
      ['atelier job list --state Pending --state Running', 'those that have not ended'],
      ['atelier job list --all-users --json', 'those of everybody, for administrators'],
    ],
  })
    .addOption(
      new Option('--state <state...>', 'only those in this state; repeatable').choices(JOB_STATES),
    )
    .option('--all-users', 'those of everybody, for administrators')
    .option('--limit <number>', 'how many at most', wholeNumber, 50)
    .action((options: Options & ListOptions) => listJobs(context, options))

  const show = leaf('show', {
    summary: 'show all that is known of a job',
    description: 'Shows what a job runs, how it is, where and when it ran and what it used.',
    examples: [['atelier job show 4f0q2m8x1c7z', 'as lines']],
  })
    .addArgument(job)
    .action((id: string, options: Options) => showJob(context, id, options))

  const logs = leaf('logs', {
    summary: 'print what a job has printed',
    description:
      'Prints what a job has printed: its output on standard output, its errors on standard error. With --follow it goes on until the job has ended, also if the server is restarted meanwhile, and ends with the exit code of the job.',
    examples: [
      ['atelier job logs 4f0q2m8x1c7z', 'what there is'],
      ['atelier job logs -f --tail 20 4f0q2m8x1c7z', 'the last lines, and all that comes'],
    ],
  })
    .addArgument(job)
    .option('-f, --follow', 'go on until the job has ended, and end as it')
    .addOption(
      new Option('--tail <lines>', 'the last lines only')
        .argParser(wholeNumber)
        .conflicts('sinceLine'),
    )
    .option('--since-line <number>', 'from this line on, counted from 1', wholeNumber)
    .action((id: string, options: Options & LogOptions) => followLogs(context, id, options))

  const stop = leaf('stop', {
    summary: 'stop a job',
    description: 'Asks a job to end (SIGTERM), or kills it. One that waits is canceled.',
    examples: [
      ['atelier job stop 4f0q2m8x1c7z', 'in order'],
      ['atelier job stop 4f0q2m8x1c7z --force', 'at once'],
    ],
  })
    .addArgument(job)
    .option('--force', 'kill it without asking it first')
    .action((id: string, options: Options & StopOptions) => stopJob(context, id, options))

  const again = leaf('run-again', {
    summary: 'submit a job again',
    description: 'Submits a new job of the same request, with the same variables.',
    examples: [['atelier job run-again 4f0q2m8x1c7z', 'and print the id of the new one']],
  })
    .addArgument(job)
    .option('-f, --follow', 'show what it prints, and end with it and as it')
    .action((id: string, options: Options & RunAgainOptions) => runAgain(context, id, options))

  const command = new Command('job')
    .summary('your jobs: submit, list, show, follow, stop, run again')
    .description(
      'Your jobs: scripts that run to their end, apart from any session, and whose output is kept.',
    )
  for (const each of [submit, list, show, logs, stop, again, webhookSecretCommand(context)]) {
    command.addCommand(each)
  }
  return command
}

function oneMore(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Write a whole number from 1 on.')
}
