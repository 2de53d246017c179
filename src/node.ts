import { setMaxListeners } from 'node:events'
import type { SendHandle } from 'node:child_process'
import { ApiTokens } from './auth/api-tokens.ts'
import { readClusterKey } from './auth/cluster-key.ts'
import { SignInCookie } from './auth/cookie.ts'
import type { LiveConfig } from './config/live-config.ts'
import { dataPaths, type Config } from './config.ts'
import {
  closeServer,
  connectPlanes,
  createHttpServer,
  handleOf,
  listen,
  listenOnHandle,
} from './http.ts'
import { LauncherClient } from './launcher/client.ts'
import type { Log } from './log.ts'
import { joinCluster } from './node-cluster.ts'
import { nodeName } from './node-name.ts'
import { controlPlaneOf, dataPlaneOf, type PlaneParts } from './node-planes.ts'
import { sessionSide } from './node-sessions.ts'
import { nodeTasks } from './node-tasks.ts'
import { browserAddress } from './peers/browser-address.ts'
import { doesAnswer } from './peers/does-answer.ts'
import { PeerClient } from './peers/peer-client.ts'
import { PeerReports } from './peers/peer-reports.ts'
import { resolvedByPeers } from './peers/resolved-by-peers.ts'
import { routingOf } from './peers/routing.ts'
import { SealedHops } from './peers/sealed-hops.ts'
import { PostgresApiTokens } from './postgres/api-tokens.ts'
import { awaitDatabase } from './postgres/await-database.ts'
import { HintListener } from './postgres/hints.ts'
import { migrate } from './postgres/migrate.ts'
import { PostgresNodeStore } from './postgres/node-store.ts'
import { PostgresSessionStore } from './postgres/session-store.ts'
import { SIGN_IN_LINK_MS, SignInLinks } from './postgres/sign-in-links.ts'
import { configuredPlacement } from './sessions/configured-placement.ts'
import { follow } from './sessions/follow.ts'
import { Placement } from './sessions/placement.ts'
import { isFinal } from './sessions/session.ts'
import { Sessions } from './sessions/sessions.ts'
import { WriteActivity } from './tasks/write-activity.ts'

const STOP_GRACE_MS = 5000

/** What a node is told by the process that it is. */
export interface NodeOptions {
  readonly live: LiveConfig
  readonly log: Log
  readonly version: string
  /** The folder with the built pages. */
  readonly webDirectory: string
  /** True for the first node of an `atelier start`: it makes a sign-in link. */
  readonly withSignInLink: boolean
  /** The socket to listen on, when another process holds it open: a handle, or `{fd}` for one that was inherited. */
  readonly listener?: Promise<object>
  readonly signal: AbortSignal
}

/** A node that serves. */
export interface RunningNode {
  readonly port: number
  /** The handle of the listening socket, for a process that is to hold it open. */
  readonly handle: SendHandle | undefined
  /** The token of a one-time sign-in link, if one was asked for. */
  readonly signInToken: string | undefined
  /** Aborted, with the reason, when another start of this node has taken its place, so that this one must end. */
  readonly superseded: AbortSignal
  /** Finishes requests in flight, for 5 s at most, and closes everything; sessions go on. */
  stop(): Promise<void>
}

/**
 * Builds the parts of a node, starts them in order and stops them in reverse. Waits for a database that does not answer
 * yet. Throws when the configuration, the key, the schema or the port makes it impossible to serve.
 */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const { live, log, signal } = options
  const { config } = live
  const user = requireUser(config)
  const node = nodeName(config)
  const clusterKey = readClusterKey(dataPaths(config).clusterKey)
  const source = requireDatabase(config)
  const database = await awaitDatabase({ source, applicationName: 'atelier node', log, signal })
  await migrate({ database, log })

  const store = new PostgresSessionStore({ database })
  const nodeStore = new PostgresNodeStore({ database })
  const hints = new HintListener({ config: database.config, log })
  const hopping = new SealedHops({ key: clusterKey.derive('peer hops'), node })
  const peerClient = new PeerClient({ hops: hopping })
  const joined = await joinCluster({
    config,
    name: node,
    version: options.version,
    store: nodeStore,
    clusterKey,
    listening: () => hints.listening,
    toDatabase: () => database.clientAddress(),
    resolvedByPeers: (known) => resolvedByPeers(known.all(), node, peerClient),
    log,
  })
  const { membership, nodes, news } = joined
  const launcher = new LauncherClient({ socket: dataPaths(config).launcherSocket })
  const side = sessionSide({ live, node, store, launcher, clusterKey, log })
  const { activity, locations, ports, reader, reports, usage, watch } = side
  live.onChange(() => watch.restart())
  const apiTokens = new ApiTokens({ store: new PostgresApiTokens({ database }) })
  const signInLinks = new SignInLinks({ database })
  const server = createHttpServer()
  const ready = {
    database: async () => void (await database.query('select 1')),
    launcher: async () => void (await launcher.list(['none'])),
  }
  const superseded = new AbortController()
  const tasks = nodeTasks({
    ...side,
    node,
    live,
    log,
    store,
    launcher,
    joined,
    nodeStore,
    superseded: (error) => superseded.abort(error),
    canSee: () => Promise.all([ready.database(), ready.launcher()]),
  })
  const reconcile = () => tasks.hint('reconcile-sessions')
  const placement = new Placement({
    ...configuredPlacement(config),
    members: () => membership.members(),
    sessions: () => locations.all(),
    answers: (member) => doesAnswer(member, node, peerClient),
    log,
  })
  const sessions = new Sessions({
    ...side,
    store,
    ideOf: (name) => side.ides.get(name),
    placement,
    keepAtMost: () => live.config.sessions.keep_at_most_seconds * 1000,
    reconcile,
  })
  const stopping = new AbortController()
  setMaxListeners(0, stopping.signal)
  const planeParts: PlaneParts = {
    ...options,
    node,
    server,
    cookie: new SignInCookie({ clusterKey }),
    apiTokens,
    signInLinks,
    launcher,
    nodeStore,
    joined,
    side,
    sessions,
    hopping,
    ready,
    stopping: stopping.signal,
  }
  const peerReports = new PeerReports({ membership, client: peerClient, reports })
  const dataPlane = dataPlaneOf(planeParts)
  const control = controlPlaneOf(planeParts, dataPlane)

  const forget = (id: string) => {
    dataPlane.closeSession(id)
    activity.forget(id)
    watch.forget(id)
    ports.forget(id)
    reports.forget(id)
  }
  locations.on('removed', ({ id }) => forget(id))
  locations.on('changed', (session) => {
    void sessions.takeBack(session).catch(() => undefined)
    if (isFinal(session.state)) forget(session.id)
    if (session.node === node) reconcile()
    news.emit('changed')
  })

  await dataPlane.start()
  const answer = control.callback()
  connectPlanes(server, (request, response) => void answer(request, response), dataPlane, {
    redirect: (request) => browserAddress(request, routingOf(config.routing, joined)),
  })
  nodes.on('changed', () => {
    // An administrator has drained this node, or taken that back.
    if (nodes.get(node)?.draining !== membership.local.meta.draining) tasks.hint('renew-lease')
  })
  membership.on('fail', () => tasks.hint('lose-nodes'))
  await reader.readAll()
  const { port } = options.listener
    ? await listenOnHandle(server, await options.listener)
    : await listen(server, config.server.host, config.server.port)
  await joined.appear(port)
  hints.listen({ session: reader, token: apiTokens, node: nodes })
  usage.start()
  peerReports.start()
  tasks.start()
  const following = follow((until) => launcher.watch(until), reconcile, stopping.signal)
  const signInToken = options.withSignInLink
    ? await signInLinks.create(user, SIGN_IN_LINK_MS)
    : undefined
  log.info({ port, node, version: options.version }, 'the node serves')
  signal.throwIfAborted()

  return {
    port,
    handle: handleOf(server),
    signInToken,
    superseded: superseded.signal,
    async stop() {
      stopping.abort()
      joined.startLeaving()
      const closed = closeServer(server, STOP_GRACE_MS)
      await dataPlane.stop(STOP_GRACE_MS)
      await closed
      await tasks.stop()
      await following
      await peerReports.stop()
      await usage.stop()
      await reader.stop()
      await hints.close()
      await joined.leave()
      await new WriteActivity({ activity, store }).activate().catch(() => undefined)
      await database.close()
      await launcher.close()
      await peerClient.close()
    },
  }
}

function requireUser({ launcher }: Config): string {
  if (launcher.user === undefined) throw new Error('launcher.user is not set.')
  return launcher.user
}

function requireDatabase({ database }: Config): string {
  if (database.url !== undefined) return database.url
  throw new Error('database.url is not set. Only "atelier start" brings a database of its own.')
}
