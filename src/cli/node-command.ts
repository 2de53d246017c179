import { Command } from 'commander'
import { formatAgo } from './ago.ts'
import { ClusterNodes, type ClusterNode } from './cluster-nodes.ts'
import { withConfig, type ConfigOptions } from './config-options.ts'
import { connect, CONNECT_HELP } from './connect.ts'
import type { CliContext } from './context.ts'
import { describe, withJson, type JsonOption, type Teaching } from './describe.ts'
import { print, textTable } from './print.ts'
import { withUser, type UserOption } from './speak-for.ts'
import { runNode } from './run-node.ts'
import { untilDrained } from './until-drained.ts'

type Options = ConfigOptions & JsonOption & UserOption

/** `atelier node`, which runs one, and the commands below it, which speak to the nodes of a cluster. */
export function nodeCommand(context: CliContext): Command {
  const leaf = (name: string, teaching: Teaching) =>
    describe(withJson(withUser(withConfig(new Command(name)))), teaching).addHelpText(
      'after',
      CONNECT_HELP,
    )

  const list = leaf('list', {
    summary: 'show the nodes of the cluster',
    description:
      'Shows the nodes of the cluster: state, version, how many sessions each holds, its load per processor, when it was last heard of, and since when it is there or gone.',
    examples: [
      ['atelier node list', 'as a table'],
      ['atelier node list --json', 'with everything that the API tells'],
    ],
  }).action((options: Options, command: Command) => listNodes(context, merged(options, command)))

  const drain = leaf('drain', {
    summary: 'give a node no new sessions',
    description:
      'Gives a node no new sessions; those that it has go on. So a server can be emptied before it is taken away. To upgrade Atelier it need not be empty: sessions outlive a restart of their node.',
    examples: [
      ['atelier node drain node-2', 'and print how many sessions it still holds'],
      ['atelier node drain node-2 --wait', 'and wait until it holds none'],
    ],
  })
    .argument('<name>', 'its name, as "atelier node list" shows it')
    .option('--wait', 'wait until it holds no session')
    .action((name: string, options: Options & DrainOptions, command: Command) =>
      drainNode(context, name, merged(options, command)),
    )

  const undrain = leaf('undrain', {
    summary: 'give a node new sessions again',
    description: 'Takes back "atelier node drain": the node gets new sessions again.',
    examples: [['atelier node undrain node-2', 'after the work on its server']],
  })
    .argument('<name>', 'its name')
    .action((name: string, options: Options, command: Command) =>
      undrainNode(context, name, merged(options, command)),
    )

  const remove = leaf('remove', {
    summary: 'remove a node that is gone for good',
    description:
      'Removes a node from the list that is gone for good. One that is online is not removed: drain it and stop it first. Should it start again, it joins again.',
    examples: [['atelier node remove node-2', 'whose server was taken away']],
  })
    .argument('<name>', 'its name')
    .action((name: string, options: Options, command: Command) =>
      removeNode(context, name, merged(options, command)),
    )

  const command = describe(withConfig(new Command('node')), {
    summary: 'run a node, or show, drain and remove the nodes of a cluster',
    description:
      'Without a further command: runs a node, which serves pages, API and the traffic to sessions. It needs a database (database.url) and a Launcher on the same data directory; "atelier start" brings both. Started by root it becomes the account node.user before it serves. It listens on the socket of a systemd socket unit if there is one. It logs JSON lines to standard error. SIGHUP reads the configuration again; SIGTERM ends it, and sessions go on.',
    examples: [
      ['atelier node --config /etc/atelier/atelier.toml', 'as a service, beside atelier launcher'],
    ],
  })
    // So that what follows the name of a subcommand is its own.
    .enablePositionalOptions()
    .action((options: ConfigOptions) => runNode(context, options))
  for (const each of [list, drain, undrain, remove]) command.addCommand(each)
  return command
}

interface DrainOptions {
  readonly wait?: boolean
}

/** Options with those that stand before the name of the subcommand. */
function merged<T extends ConfigOptions>(options: T, command: Command): T {
  const before: ConfigOptions = command.parent?.opts() ?? {}
  return { ...before, ...options, set: [...(before.set ?? []), ...(options.set ?? [])] }
}

async function listNodes(context: CliContext, options: Options): Promise<void> {
  const items = await (await clusterNodes(context, options)).list()
  const rows = items.map((node) => [
    node.name,
    stateOf(node),
    node.version,
    String(node.sessions),
    node.load === null ? '' : node.load.toFixed(2),
    `${formatAgo(Date.now() - Date.parse(node.seenAt))} ago`,
    (node.lostAt ?? node.leftAt ?? node.startedAt).replace(/\..*$/, 'Z'),
  ])
  const headings = ['NAME', 'STATE', 'VERSION', 'SESSIONS', 'LOAD', 'SEEN', 'SINCE']
  print(context, options, { text: textTable(headings, rows), json: { items } })
}

async function drainNode(
  context: CliContext,
  name: string,
  options: Options & DrainOptions,
): Promise<void> {
  const nodes = await clusterNodes(context, options)
  const drained = await nodes.drain(name)
  const say = (left: number) => {
    // Beside the answer, which comes when it is done.
    if (!options.json) context.stderr.write(`${name} still holds ${sessions(left)}.\n`)
  }
  const node = options.wait
    ? await untilDrained(nodes, drained, { say, signal: context.stopSignal() })
    : drained
  print(context, options, { text: lineOf(node), json: node })
}

async function undrainNode(context: CliContext, name: string, options: Options): Promise<void> {
  const node = await (await clusterNodes(context, options)).undrain(name)
  print(context, options, { text: lineOf(node), json: node })
}

async function removeNode(context: CliContext, name: string, options: Options): Promise<void> {
  await (await clusterNodes(context, options)).remove(name)
  print(context, options, { text: `${name}  removed`, json: { name, removed: true } })
}

function lineOf(node: ClusterNode): string {
  return `${node.name}  ${stateOf(node)}  ${sessions(node.sessions)}`
}

function stateOf({ state, draining }: ClusterNode): string {
  return draining ? `${state}, draining` : state
}

function sessions(count: number): string {
  return count === 1 ? '1 session' : `${count} sessions`
}

async function clusterNodes(context: CliContext, options: Options): Promise<ClusterNodes> {
  return new ClusterNodes({ client: await connect(context, options) })
}
