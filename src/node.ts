import type { SendHandle } from 'node:child_process'
import { setMaxListeners } from 'node:events'
import type { IncomingMessage, RequestListener } from 'node:http'
import { findAccount } from './accounts.ts'
import { ApiTokens } from './auth/api-tokens.ts'
import { readClusterKey } from './auth/cluster-key.ts'
import { SignInCookie } from './auth/cookie.ts'
import { SessionDoor } from './auth/door.ts'
import { sessionSecrets } from './auth/session-secrets.ts'
import type { LiveConfig } from './config/live-config.ts'
import { dataPaths, type Config } from './config.ts'
import { controlApp } from './control/app.ts'
import { AtelierError } from './errors.ts'
import {
  clientOf,
  closeServer,
  connectPlanes,
  createHttpServer,
  createPeerServer,
  handleOf,
  listen,
  listenOnHandle,
} from './http.ts'
import { IdeWatch } from './ides/ide-watch.ts'
import { Ides } from './ides/ides.ts'
import { versionPlaces } from './ides/version-places.ts'
import { Versions } from './ides/versions.ts'
import { LauncherClient } from './launcher/client.ts'
import type { Log } from './log.ts'
import { nodeName } from './node-name.ts'
import { nodeTasks } from './node-tasks.ts'
import { PostgresApiTokens } from './postgres/api-tokens.ts'
import { awaitDatabase } from './postgres/await-database.ts'
import { HintListener } from './postgres/hints.ts'
import { migrate } from './postgres/migrate.ts'
import { PostgresSessionStore } from './postgres/session-store.ts'
import { SIGN_IN_LINK_MS, SignInLinks } from './postgres/sign-in-links.ts'
import { DataPlane } from './proxy/app.ts'
import { NO_PEERS } from './peers/no-peers.ts'
import { readPeerTls } from './peers/peer-tls.ts'
import { SealedHops } from './peers/sealed-hops.ts'
import { Activity } from './sessions/activity.ts'
import { connectToApp } from './sessions/app-connection.ts'
import { BusySigns } from './sessions/busy-signs.ts'
import { follow } from './sessions/follow.ts'
import { IdleWatch } from './sessions/idle-watch.ts'
import { LocationReader } from './sessions/location-reader.ts'
import { Locations } from './sessions/locations.ts'
import { Profiles } from './sessions/profiles.ts'
import { runAsBy } from './sessions/run-as.ts'
import { SessionPorts } from './sessions/session-ports.ts'
import { SessionJobs } from './sessions/session-jobs.ts'
import { isFinal } from './sessions/session.ts'
import { Sessions } from './sessions/sessions.ts'
import { Usage } from './sessions/usage.ts'
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
  /** The socket to listen on, when another process holds it open. */
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

  const signInLinks = new SignInLinks({ database })
  const store = new PostgresSessionStore({ database })
  const launcher = new LauncherClient({ socket: dataPaths(config).launcherSocket })
  const ides = new Ides({ directory: dataPaths(config).ides, rserver: config.ides.rserver, log })
  const secretOf = sessionSecrets(clusterKey)
  const locations = new Locations()
  locations.setMaxListeners(0)
  const activity = new Activity()
  const usage = new Usage({ launcher })
  const ports = new SessionPorts({ launcher })
  const reader = new LocationReader({ store, locations, log })
  const hints = new HintListener({ config: database.config, log })
  const cookie = new SignInCookie({ clusterKey })
  const apiTokens = new ApiTokens({ store: new PostgresApiTokens({ database }) })
  const server = createHttpServer()
  const peerTls = readPeerTls(config)
  const peerServer = peerTls && createPeerServer(peerTls)
  const hopping = new SealedHops({ key: clusterKey.derive('peer hops'), node })
  const whoAsks = (request: IncomingMessage) => clientOf(request, hopping.open(request))

  const versions = new Versions({
    places: versionPlaces(config),
    runAs: runAsBy({ launcher, homeOf }),
    log,
  })
  const profiles = new Profiles({ configured: () => live.config.profiles })
  const jobs = new SessionJobs({
    versions,
    profiles,
    launcher,
    ideOf: (name) => ides.get(name),
    secretOf,
    homeOf,
    cluster: clusterKey.fingerprint,
  })
  const watch = new IdleWatch({
    activity,
    isLive: (id) => {
      const session = locations.get(id)
      return session !== undefined && !isFinal(session.state)
    },
    limits: () => ({
      idleAfter: live.config.sessions.idle_after_seconds * 1000,
      stopIdleAfter: live.config.sessions.stop_idle_after_seconds * 1000,
      maximumAge: live.config.sessions.maximum_age_seconds * 1000,
    }),
  })
  live.onChange(() => watch.restart())
  const signs = new BusySigns({ usage, jobs })
  const ready = {
    database: async () => void (await database.query('select 1')),
    launcher: async () => void (await launcher.list(['none'])),
  }
  const tasks = nodeTasks({
    node,
    live,
    log,
    store,
    locations,
    launcher,
    jobs,
    activity,
    watch,
    signs,
    reader,
    canSee: () => Promise.all([ready.database(), ready.launcher()]),
  })
  const reconcile = () => tasks.hint('reconcile-sessions')
  const sessions = new Sessions({
    store,
    locations,
    ideOf: (name) => ides.get(name),
    versions,
    profiles,
    node,
    keepAtMost: () => live.config.sessions.keep_at_most_seconds * 1000,
    reconcile,
  })
  const dataPlane = new DataPlane({
    server,
    activity,
    clientOf: whoAsks,
    log,
    door: new SessionDoor({ cookie, sessionOf: (id) => locations.get(id) }),
    hops: { node, ide: (name) => ides.get(name), secretOf },
    hopping,
    peers: NO_PEERS,
    peerTls,
    apps: {
      find: (session, port) => ports.find(session, port),
      connect: (session, port) => connectToApp(ports, session, port),
    },
  })
  const stopping = new AbortController()
  setMaxListeners(0, stopping.signal)
  const control = controlApp({
    log,
    cookie,
    apiTokens,
    signInLinks,
    host: node,
    version: options.version,
    ides,
    ideWatch: new IdeWatch({ ides }),
    versions,
    profiles,
    sessions,
    ports,
    launcher,
    locations,
    usage,
    webDirectory: options.webDirectory,
    clientOf: whoAsks,
    heldElsewhere: {
      check: (request) => void hopping.open(request),
      relay: (request, response, sessionOf) => dataPlane.relay(request, response, sessionOf),
    },
    limits: () => ({
      requests: live.config.api.requests_per_minute,
      signIns: live.config.api.sign_ins_per_minute,
    }),
    stopping: stopping.signal,
    ready,
    extras: {
      lastUsed: (session) => activity.lastUsed(session),
      usage: (session) => usage.of(session),
      outlook: (session) => watch.outlook(session),
      keepUntilAtMost: () => sessions.keepUntilAtMost(),
    },
    scrub: (id, text) => {
      const session = locations.get(id)
      return session ? text.replaceAll(secretOf(session), '…') : text
    },
  })

  const forget = (id: string) => {
    dataPlane.closeSession(id)
    activity.forget(id)
    watch.forget(id)
    ports.forget(id)
  }
  locations.on('removed', ({ id }) => forget(id))
  locations.on('changed', (session) => {
    void sessions.takeBack(session).catch(() => undefined)
    if (isFinal(session.state)) forget(session.id)
    if (session.node === node) reconcile()
  })

  await dataPlane.start()
  const answer = control.callback()
  const planes = [
    (...asked: Parameters<RequestListener>) => void answer(...asked),
    dataPlane,
  ] as const
  connectPlanes(server, ...planes)
  if (peerServer) connectPlanes(peerServer, ...planes)
  await reader.readAll()
  const { port } = options.listener
    ? await listenOnHandle(server, await options.listener)
    : await listen(server, config.server.host, config.server.port)
  if (peerServer) await listen(peerServer, config.server.host, peerTls.port)
  hints.listen({ session: reader, token: apiTokens, node: { changed() {}, resync() {} } })
  usage.start()
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
    async stop() {
      stopping.abort()
      const servers = peerServer ? [server, peerServer] : [server]
      const closed = Promise.all(servers.map((each) => closeServer(each, STOP_GRACE_MS)))
      await dataPlane.stop(STOP_GRACE_MS)
      await closed
      await tasks.stop()
      await following
      await usage.stop()
      await reader.stop()
      await hints.close()
      await new WriteActivity({ activity, store }).activate().catch(() => undefined)
      await database.close()
      await launcher.close()
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

async function homeOf(user: string): Promise<string> {
  const account = await findAccount(user)
  if (account === undefined) throw new AtelierError('BAD_REQUEST', `There is no account ${user}.`)
  return account.home
}
