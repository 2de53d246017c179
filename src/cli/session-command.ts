import { Argument, Command } from 'commander'
import { createLog } from '../log.ts'
import { IDE_NAMES } from '../sessions/session.ts'
import { readConfig, withConfig, type ConfigOptions } from './config-options.ts'
import { connect, CONNECT_HELP, namedAtelier } from './connect.ts'
import type { CliContext } from './context.ts'
import { describe, withJson, type JsonOption, type Teaching } from './describe.ts'
import { OwnSessions, type OwnSession } from './own-sessions.ts'
import { print, textTable } from './print.ts'

type Options = ConfigOptions & JsonOption

/** `atelier session` */
export function sessionCommand(context: CliContext): Command {
  const leaf = (name: string, teaching: Teaching) =>
    describe(withJson(withConfig(new Command(name))), teaching).addHelpText('after', CONNECT_HELP)
  const session = new Argument('<session>', 'its id, or its name')

  const list = leaf('list', {
    summary: 'show your sessions',
    description: 'Shows your sessions, oldest first: id, name, IDE, state and why it is so.',
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
    .option('--wait', 'wait until it can be used; fail if it fails')
    .action((ide: string, options: Options & StartOptions) => startSession(context, ide, options))

  const open = leaf('open', {
    summary: 'print a link that opens a session in a browser',
    description:
      'Prints a link that signs a browser in, once, and leads to the session. It can be used within a day. With an API token it is the address of the session alone, for a browser that is signed in.',
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

  const command = new Command('session')
    .summary('your sessions: list, start, open, stop')
    .description(
      'Your sessions on the Atelier that runs on this machine, as its home page shows them. No sign-in is needed by the account that runs Atelier; with an API token in the environment it can be any Atelier.',
    )
  for (const each of [list, start, open, stop]) command.addCommand(each)
  return command
}

interface StartOptions {
  readonly name?: string
  readonly wait?: boolean
}

interface StopOptions {
  readonly force?: boolean
}

async function listSessions(context: CliContext, options: Options): Promise<void> {
  const items = await (await ownSessions(context, options)).list()
  const rows = items.map(({ id, name, ide, state, stateAt, reason }) => [
    id,
    name ?? '',
    ide,
    state,
    stateAt.replace(/\..*$/, 'Z'),
    reason ?? '',
  ])
  const text =
    rows.length === 0
      ? 'You have no sessions. Start one with: atelier session start jupyterlab'
      : textTable(['ID', 'NAME', 'IDE', 'STATE', 'SINCE', 'REASON'], rows)
  print(context, options, { text, json: { items } })
}

async function startSession(
  context: CliContext,
  ide: string,
  options: Options & StartOptions,
): Promise<void> {
  const sessions = await ownSessions(context, options)
  const started = await sessions.start(ide, options.name)
  const session = options.wait ? await sessions.started(started, context.stopSignal()) : started
  print(context, options, { text: `${session.id}  ${session.state}`, json: session })
}

async function openSession(context: CliContext, wanted: string, options: Options): Promise<void> {
  const session = await (await ownSessions(context, options)).find(wanted)
  const url = await addressOf(context, options, session)
  print(context, options, { text: url, json: { url } })
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

// Who has but a token cannot sign in with it, so that a token that leaks opens no session.
async function addressOf(
  context: CliContext,
  options: Options,
  session: OwnSession,
): Promise<string> {
  const named = namedAtelier(context.environment)
  if (named !== undefined) return new URL(session.url, named.address).href
  const { newSignInLink } = await import('../start/sign-in-link.ts')
  const config = readConfig(context, options)
  return newSignInLink(config, createLog('silent', 'session open'), session.url)
}

async function ownSessions(context: CliContext, options: ConfigOptions): Promise<OwnSessions> {
  return new OwnSessions({ client: await connect(context, options) })
}
