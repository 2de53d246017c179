import { Argument, Command, Option } from 'commander'
import { createLog } from '../log.ts'
import { IDE_NAMES } from '../sessions/session.ts'
import { readConfig, withConfig, type ConfigOptions } from './config-options.ts'
import { connect, CONNECT_HELP, namedAtelier } from './connect.ts'
import type { CliContext } from './context.ts'
import { describe, withJson, type JsonOption, type Teaching } from './describe.ts'
import { CommandFailure } from './failure.ts'
import { formatLeft, parseDuration, parseMoment } from './keep-time.ts'
import { OwnSessions, type OwnSession, type WantedSession } from './own-sessions.ts'
import { print, textTable } from './print.ts'
import { withUser, type UserOption } from './speak-for.ts'

type Options = ConfigOptions & JsonOption & UserOption

/** `atelier session` */
export function sessionCommand(context: CliContext): Command {
  const leaf = (name: string, teaching: Teaching) =>
    describe(withJson(withUser(withConfig(new Command(name)))), teaching).addHelpText(
      'after',
      CONNECT_HELP,
    )
  const session = new Argument('<session>', 'its id, or its name')

  const list = leaf('list', {
    summary: 'show your sessions',
    description:
      'Shows your sessions, oldest first: id, name, IDE, state, when it is stopped if nobody uses it, and why it is so.',
    examples: [
      ['atelier session list', 'as a table'],
      ['atelier session list --json', 'with everything that the API tells'],
    ],
  }).action((options: Options) => listSessions(context, options))

  const start = leaf('start', {
    summary: 'start a session',
    description:
      'Starts a session: one running IDE, which outlives this command and every process of Atelier. Open it with "atelier session open", or from the home page.',
    examples: [
      ['atelier session start jupyterlab', 'and print its id and state'],
      ['atelier session start vscode --name thesis --wait', 'and wait until it can be used'],
    ],
  })
    .addArgument(new Argument('<ide>', 'what it runs').choices(IDE_NAMES))
    .option('--name <name>', 'what you call it')
    .option('--python <id>', 'the Python that it runs: an id that "atelier versions" shows')
    .option('--r <id>', 'the R that it runs, in the same way')
    .option('--profile <name>', 'the resource profile that it is limited to')
    .option('--wait', 'wait until it can be used; fail if it fails')
    .action((ide: string, options: Options & StartOptions) => startSession(context, ide, options))

  const open = leaf('open', {
    summary: 'print a link that opens a session in a browser',
    description:
      'Prints a link that signs a browser in, once, and leads to the session. It can be used within a day. With an API token, or where people sign in otherwise, it is the address of the session alone, for a browser that is signed in.',
    examples: [['atelier session open thesis', 'for a browser that is not signed in yet']],
  })
    .addArgument(session)
    .action((wanted: string, options: Options) => openSession(context, wanted, options))

  const stop = leaf('stop', {
    summary: 'stop a session',
    description:
      'Asks the IDE of a session to stop, and kills it if it does not within sessions.stop_timeout_seconds. A session that has ended already is removed from the list.',
    examples: [
      ['atelier session stop thesis', 'in order'],
      ['atelier session stop thesis --force', 'at once, when the IDE hangs'],
    ],
  })
    .addArgument(session)
    .option('--force', 'kill it without asking it first')
    .action((wanted: string, options: Options & StopOptions) =>
      stopSession(context, wanted, options),
    )

  const keep = leaf('keep', {
    summary: 'keep a session although nobody uses it',
    description:
      'Keeps a session until a time, whatever sessions.stop_idle_after_seconds and sessions.maximum_age_seconds say. How far ahead that may be is sessions.keep_at_most_seconds.',
    examples: [
      ['atelier session keep thesis --for 4h', 'from now on'],
      ['atelier session keep thesis --until 18:00', 'today, or tomorrow if that is past'],
      ['atelier session keep thesis --no-longer', 'than the limits allow'],
    ],
  })
    .addArgument(session)
    .addOption(
      new Option('--until <time>', 'such as 18:00, or 2026-11-24T18:00')
        .argParser((text) => parseMoment(text, new Date()))
        .conflicts(['for', 'longer']),
    )
    .addOption(
      new Option('--for <duration>', 'such as 90m, 4h or 2d')
        .argParser(parseDuration)
        .conflicts(['longer']),
    )
    .option('--no-longer', 'no longer than its limits')
    .action((wanted: string, options: Options & KeepOptions) =>
      keepSession(context, wanted, options),
    )

  const ports = leaf('ports', {
    summary: 'show the web apps that a session serves',
    description:
      "Shows at which ports of the server's loopback programs of a session listen, such as Shiny, Streamlit or TensorBoard, and the path at which each can be opened in the browser. A program that was started outside of the session is not shown.",
    examples: [['atelier session ports thesis', 'what can be opened now']],
  })
    .addArgument(session)
    .action((wanted: string, options: Options) => showPorts(context, wanted, options))

  const command = new Command('session')
    .summary('your sessions: list, start, open, keep, stop, and their web apps')
    .description(
      'Your sessions on the Atelier that runs on this machine, as its home page shows them. No sign-in is needed by the account that runs Atelier; with an API token in the environment it can be any Atelier.',
    )
  for (const each of [list, start, open, keep, stop, ports]) command.addCommand(each)
  return command
}

interface StartOptions extends Omit<WantedSession, 'ide'> {
  readonly wait?: boolean
}

interface KeepOptions {
  readonly until?: Date
  readonly for?: number
  readonly longer: boolean
}

interface StopOptions {
  readonly force?: boolean
}

async function listSessions(context: CliContext, options: Options): Promise<void> {
  const items = await (await ownSessions(context, options)).list()
  const rows = items.map(({ id, name, ide, state, stateAt, stopsAt, reason }) => [
    id,
    name ?? '',
    ide,
    state,
    stateAt.replace(/\..*$/, 'Z'),
    stopsAt == null ? '' : formatLeft(Date.parse(stopsAt) - Date.now()),
    reason ?? '',
  ])
  const text =
    rows.length === 0
      ? 'You have no sessions. Start one with: atelier session start jupyterlab'
      : textTable(['ID', 'NAME', 'IDE', 'STATE', 'SINCE', 'STOPS IN', 'REASON'], rows)
  print(context, options, { text, json: { items } })
}

async function startSession(
  context: CliContext,
  ide: string,
  options: Options & StartOptions,
): Promise<void> {
  const { name, python, r, profile } = options
  const chosen = Object.entries({ name, python, r, profile }).filter(([, value]) => value)
  const sessions = await ownSessions(context, options)
  const started = await sessions.start({ ide, ...Object.fromEntries(chosen) })
  const session = options.wait ? await sessions.started(started, context.stopSignal()) : started
  print(context, options, { text: `${session.id}  ${session.state}`, json: session })
}

async function openSession(context: CliContext, wanted: string, options: Options): Promise<void> {
  const session = await (await ownSessions(context, options)).find(wanted)
  const url = await addressOf(context, options, session)
  print(context, options, { text: url, json: { url } })
}

async function keepSession(
  context: CliContext,
  wanted: string,
  options: Options & KeepOptions,
): Promise<void> {
  const until = keepUntil(options)
  const sessions = await ownSessions(context, options)
  const kept: OwnSession = await sessions.keep(await sessions.find(wanted), until)
  const how = until === null ? 'no longer than its limits' : `kept until ${until.toISOString()}`
  print(context, options, { text: `${kept.id}  ${how}`, json: kept })
}

function keepUntil({ until, for: duration, longer }: KeepOptions): Date | null {
  if (!longer) return null
  if (until !== undefined) return until
  if (duration !== undefined) return new Date(Date.now() + duration)
  throw new CommandFailure('USAGE', 'Say until when: --until 18:00, --for 4h, or --no-longer')
}

async function stopSession(
  context: CliContext,
  wanted: string,
  options: Options & StopOptions,
): Promise<void> {
  const sessions = await ownSessions(context, options)
  const session = await sessions.find(wanted)
  const stopped = await sessions.stop(session, options.force === true)
  const text = `${session.id}  ${stopped === undefined ? 'removed' : stopped.state}`
  print(context, options, { text, json: stopped ?? { id: session.id, state: null } })
}

async function showPorts(context: CliContext, wanted: string, options: Options): Promise<void> {
  const sessions = await ownSessions(context, options)
  const items = await sessions.ports(await sessions.find(wanted))
  const rows = items.map(({ port, process, url }) => [String(port), process, url])
  const text =
    rows.length === 0
      ? 'The session serves no web app. Start one in it, listening on 127.0.0.1.'
      : textTable(['PORT', 'PROGRAM', 'PATH'], rows)
  print(context, options, { text, json: { items } })
}

// Who has but a token cannot sign in with it, so that a token that leaks opens no session.
async function addressOf(
  context: CliContext,
  options: Options,
  session: OwnSession,
): Promise<string> {
  const named = namedAtelier(context.environment)
  if (named !== undefined) return new URL(session.url, named.address).href
  const { newSignInLink } = await import('../start/sign-in-link.ts')
  const { localInstance, signsInByLinks } = await import('../start/local-instance.ts')
  const config = readConfig(context, options)
  if (!signsInByLinks(config)) {
    const { address } = localInstance(config, { named: session.id })
    return new URL(session.url, config.routing.public_url ?? address).href
  }
  return newSignInLink(config, createLog('silent', 'session open'), {
    next: session.url,
    user: options.user,
  })
}

async function ownSessions(context: CliContext, options: Options): Promise<OwnSessions> {
  return new OwnSessions({ client: await connect(context, options) })
}
