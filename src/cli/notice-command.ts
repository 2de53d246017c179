import { Command, Option } from 'commander'
import { SEVERITIES } from '../notices/notice.ts'
import { ClusterNotices, type ClusterNotice } from './cluster-notices.ts'
import { withConfig, type ConfigOptions } from './config-options.ts'
import { connect, CONNECT_HELP } from './connect.ts'
import type { CliContext } from './context.ts'
import { describe, withJson, type JsonOption, type Teaching } from './describe.ts'
import { parseMoment } from './keep-time.ts'
import { print, textTable } from './print.ts'
import { withUser, type UserOption } from './speak-for.ts'

type Options = ConfigOptions & JsonOption & UserOption

interface CreateOptions {
  readonly severity: string
  readonly from?: Date
  readonly until?: Date
  readonly dismissible: boolean
}

/** `atelier notice`: what administrators tell everybody, above every page. */
export function noticeCommand(context: CliContext): Command {
  const leaf = (name: string, teaching: Teaching) =>
    describe(withJson(withUser(withConfig(new Command(name)))), teaching).addHelpText(
      'after',
      CONNECT_HELP,
    )
  const moment = (text: string) => parseMoment(text, new Date())

  const create = leaf('create', {
    summary: 'tell everybody something',
    description:
      'Shows a notice above every page of everybody who is signed in, at once also on pages that are open. It is plain text. Everybody may put it away for themselves, unless you say otherwise.',
    examples: [
      ['atelier notice create "R 4.6 is installed."', 'until it is deleted'],
      [
        'atelier notice create "Restart at 18:00." --severity critical --until 18:30 --no-dismissible',
        'for a time, and so that nobody puts it away',
      ],
    ],
  })
    .argument('<text>', 'what to tell')
    .addOption(
      new Option('--severity <severity>', 'how much it matters')
        .choices(SEVERITIES)
        .default('info'),
    )
    .option('--from <time>', 'from when on it is shown: 18:00, or 2026-11-24T18:00', moment)
    .option('--until <time>', 'until when', moment)
    .option('--no-dismissible', 'nobody may put it away')
    .action((text: string, options: Options & CreateOptions) =>
      createNotice(context, text, options),
    )

  const list = leaf('list', {
    summary: 'show all notices',
    description: 'Shows all notices, also those whose time has not come or is over.',
    examples: [
      ['atelier notice list', 'as a table'],
      ['atelier notice list --json', 'with everything that the API tells'],
    ],
  }).action((options: Options) => listNotices(context, options))

  const remove = leaf('delete', {
    summary: 'take a notice back',
    description: 'Takes a notice back: nobody sees it any more, also not on pages that are open.',
    examples: [['atelier notice delete k3x9zk3qm2v8', 'as "atelier notice list" names it']],
  })
    .argument('<id>', 'its id')
    .action((id: string, options: Options) => deleteNotice(context, id, options))

  const command = describe(new Command('notice'), {
    summary: 'tell everybody something',
    description: 'Notices of administrators, above every page of everybody who is signed in.',
    examples: [['atelier notice create "Maintenance on Friday."', 'tells everybody']],
  })
  for (const each of [create, list, remove]) command.addCommand(each)
  return command
}

async function createNotice(
  context: CliContext,
  text: string,
  options: Options & CreateOptions,
): Promise<void> {
  const { severity, from, until, dismissible } = options
  const notice = await (
    await clusterNotices(context, options)
  ).create({
    text,
    severity,
    dismissible,
    from: from?.toISOString() ?? null,
    until: until?.toISOString() ?? null,
  })
  print(context, options, { text: `${notice.id}  ${timesOf(notice)}`, json: notice })
}

async function listNotices(context: CliContext, options: Options): Promise<void> {
  const items = await (await clusterNotices(context, options)).list()
  const rows = items.map((notice) => [
    notice.id,
    notice.severity,
    timesOf(notice),
    notice.text.replaceAll(/\s+/g, ' '),
  ])
  const headings = ['ID', 'SEVERITY', 'SHOWN', 'TEXT']
  print(context, options, { text: textTable(headings, rows), json: { items } })
}

async function deleteNotice(context: CliContext, id: string, options: Options): Promise<void> {
  await (await clusterNotices(context, options)).remove(id)
  print(context, options, { text: `${id}  deleted`, json: { id, deleted: true } })
}

function timesOf({ from, until }: ClusterNotice): string {
  const short = (time: string): string => time.replace(/:\d\d(\..*)?Z$/, 'Z')
  return until === null ? `from ${short(from)}` : `${short(from)} to ${short(until)}`
}

async function clusterNotices(context: CliContext, options: Options): Promise<ClusterNotices> {
  return new ClusterNotices({ client: await connect(context, options) })
}
