import { setMaxListeners } from 'node:events'
import { mkdirSync } from 'node:fs'
import { readClusterKey } from '../auth/cluster-key.ts'
import { dataPaths, type Config } from '../config.ts'
import { isMultiUser } from '../session-users.ts'
import { addressOf } from './address.ts'
import { Balancer } from './balancer.ts'
import { clusterNodeConfig, LOOPBACK } from './cluster-node-config.ts'
import { freePorts } from './free-ports.ts'
import { writeInstance } from './instance-file.ts'
import { nodeIdentity, type NodeIdentity } from './node-identity.ts'
import { ensurePamService } from './pam-service.ts'
import { runUntilStopped } from './run-until-stopped.ts'
import { sessionAccount } from './session-account.ts'
import { newSignInLink } from './sign-in-link.ts'
import type { StartContext, Stops } from './start-context.ts'
import { superviseDatabase } from './supervise-database.ts'
import { superviseLauncher } from './supervise-launcher.ts'
import { superviseNode, type ReadyNode } from './supervise-node.ts'

/**
 * Runs a cluster on one machine until `signal`, for developers and demos: one database, `count` nodes, each with a
 * Launcher and a data directory of its own, and a balancer in front of them at server.host and server.port. Sessions
 * outlive it. Throws, with everything stopped again, when it cannot start.
 */
export async function startCluster(context: StartContext, count: number): Promise<void> {
  const { live, log } = context
  // Every node waits for it.
  setMaxListeners(0, context.signal)
  await runUntilStopped(context, async (stops) => {
    ensurePamService(context)
    const user = await sessionAccount(context)
    const withUser = () => ({ ...live.config, launcher: { ...live.config.launcher, user } })
    const identity = await nodeIdentity(context, withUser())
    // Before the nodes, which all use it.
    readClusterKey(dataPaths(live.config).clusterKey)
    const { host, port } = live.config.server
    const [any = 0, ...ports] = await freePorts(LOOPBACK, count + 1, port)
    const balancer = new Balancer({
      targets: ports.map((each) => ({ host: LOOPBACK, port: each })),
    })
    // First, as a taken port is best told at once; so it is stopped after the nodes, whose last answers go through it.
    const own = await balancer.listen({ host, port: port === 0 ? any : port })
    const address = addressOf(host, own.port)
    stops.push(() => balancer.stop())
    const url = await superviseDatabase(context, stops)
    const config = () => ({ ...withUser(), database: { url } })
    await runNodes(ports, config, { context, stops, identity })
    if (context.signal.aborted) return
    writeInstance(config(), { address, databaseUrl: url, user })
    await sayReady(context, config(), address)
    context.onReady(config()).catch((error: unknown) => {
      log.error({ err: error }, 'the missing IDEs cannot be looked after')
    })
  })
}

async function runNodes(
  ports: readonly number[],
  config: () => Config,
  parts: {
    readonly context: StartContext
    readonly stops: Stops
    readonly identity: NodeIdentity | undefined
  },
): Promise<void> {
  const { context, stops, identity } = parts
  const stopNodes: Stops = []
  const stopLaunchers: Stops = []
  for (const together of [stopLaunchers, stopNodes]) {
    stops.push(async () => void (await Promise.all(together.map((stop) => stop()))))
  }
  const run = async (port: number, index: number) => {
    const name = `node-${index + 1}`
    const own = () => clusterNodeConfig(config(), { name, port })
    mkdirSync(own().data.directory, { recursive: true, mode: 0o755 })
    superviseLauncher(own, { context, stops: stopLaunchers })
    await superviseNode(own, {
      context,
      stops: stopNodes,
      identity,
      onReady: (node) => sayNode(context, name, node),
    }).catch((error: unknown) => {
      throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      })
    })
  }
  const [first = 0, ...others] = ports
  context.say('Starting the nodes …')
  // It brings the database up to date, and founds the cluster.
  await run(first, 0)
  await Promise.all(others.map((port, index) => run(port, index + 1)))
}

function sayNode({ say }: StartContext, name: string, { port, pid, isFirst }: ReadyNode): void {
  const address = addressOf(LOOPBACK, port)
  const how = isFirst ? 'serves' : 'serves again'
  say(`  ${name} ${how} at ${address}, process ${pid}`, { node: name, address, pid })
}

async function sayReady(
  { say, log }: StartContext,
  config: Config,
  address: string,
): Promise<void> {
  const directory = `--set data.directory=${config.data.directory}`
  if (isMultiUser(config)) {
    say(`Atelier is ready at ${address}`, { address })
  } else {
    const link = await newSignInLink(config, log)
    say(`Atelier is ready at ${address}  Sign in once with: ${link}`, { address, signInLink: link })
  }
  say(`To see it work, kill one of these processes with "kill -9", and look at the others with:
  npm run -s atelier -- node list ${directory}
  npm run -s atelier -- node drain node-2 ${directory}`)
}
