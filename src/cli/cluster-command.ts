import { join } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { dataPaths, type Config } from '../config.ts'
import { createLog } from '../log.ts'
import { readConfig, withConfig, type ConfigOptions } from './config-options.ts'
import type { CliContext } from './context.ts'
import { describe, withJson, type JsonOption } from './describe.ts'
import { CommandFailure } from './failure.ts'
import { print } from './print.ts'
import { startContext } from './start-context.ts'

const MOST_NODES = 9

type Options = ConfigOptions & JsonOption

/** `atelier cluster` */
export function clusterCommand(context: CliContext): Command {
  const start = describe(withJson(withConfig(new Command('start'))), {
    summary: 'run a cluster on this machine, for trying it out',
    description:
      'Runs a cluster on this machine, for developers and demos: one built-in Postgres (unless database.url names another), several nodes, each with a Launcher of its own, and a balancer in front of them. Its data are in the folder cluster in your data directory, beside those of "atelier start", whose IDEs it uses; --set data.directory names another place. Stop it with Ctrl-C: sessions go on and are there again at the next start.',
    examples: [
      ['atelier cluster start', 'three nodes behind http://127.0.0.1:8787'],
      ['atelier cluster start --nodes 5 --set server.port=8080', 'five, behind another port'],
    ],
  })
    .addOption(
      new Option('--nodes <n>', `how many, 1 to ${MOST_NODES}`)
        .default(3)
        .argParser((text) => nodeCount(text)),
    )
    .action(async (options: Options & { readonly nodes: number }) => {
      const { startCluster } = await import('../start/start-cluster.ts')
      const read = () => clusterConfig(context, options)
      await startCluster(await startContext(context, options, read), options.nodes)
    })

  const reset = describe(withJson(withConfig(new Command('reset'))), {
    summary: 'forget which cluster the database belongs to',
    description:
      'Forgets which cluster the database belongs to: its cluster key, and the version that its nodes speak. The first node that starts afterwards says it anew. Stop all nodes first. It is for a cluster whose key was lost or is to be changed: stop all sessions before, as those that run are not known any more with another key, and everybody has to sign in again. A cluster of "atelier cluster start" is meant only if its folder is named, as in the second example.',
    examples: [
      ['atelier cluster reset --yes', 'after all nodes have been stopped'],
      ['atelier cluster reset --yes --set data.directory=/srv/try', 'the cluster in that folder'],
    ],
  })
    .option('--yes', 'that is what you want')
    .action((options: Options & { readonly yes?: boolean }) => forgetCluster(context, options))

  return new Command('cluster')
    .summary('a cluster on this machine for trying it out, and its reset')
    .description(
      'Several nodes on one database. Nodes of a real cluster, one on each server, are run by "atelier node"; "atelier node list" shows them.',
    )
    .addCommand(start)
    .addCommand(reset)
}

function nodeCount(text: string): number {
  if (/^[1-9]$/.test(text)) return Number(text)
  throw new InvalidArgumentError(`Say how many: 1 to ${MOST_NODES}.`)
}

/** The configuration, with a data directory of its own beside that of `atelier start`, unless the command line names one. */
function clusterConfig(context: CliContext, options: ConfigOptions): Config {
  const config = readConfig(context, options)
  if (options.set?.some((setting) => setting.trim().startsWith('data.directory'))) return config
  return {
    ...config,
    data: { directory: join(config.data.directory, 'cluster') },
    ides: { ...config.ides, directory: dataPaths(config).ides },
  }
}

async function forgetCluster(
  context: CliContext,
  options: Options & { readonly yes?: boolean },
): Promise<void> {
  if (!options.yes) {
    throw new CommandFailure(
      'NOT_CONFIRMED',
      'The database would forget which cluster it belongs to. If that is what you want, say: atelier cluster reset --yes',
    )
  }
  const { resetCluster } = await import('../start/reset-cluster.ts')
  const reset = await resetCluster({
    config: readConfig(context, options),
    log: createLog('silent', 'cluster reset'),
    root: context.account.root,
    applicationName: 'atelier cluster reset',
  })
  const text = reset
    ? 'The database belongs to no cluster any more. The next node that starts says to which.'
    : 'The database belongs to no cluster.'
  print(context, options, { text, json: { reset } })
}
