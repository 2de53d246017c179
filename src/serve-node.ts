import { setMaxListeners } from 'node:events'
import type { Member } from '../cluster/index.ts'
import { ApiTokens } from './auth/api-tokens.ts'
import type { ClusterKey } from './auth/cluster-key.ts'
import { dataPaths } from './config.ts'
import { heldJob } from './jobs/held-job.ts'
import { workbenchId } from './jobs/job-runs.ts'
import { Jobs } from './jobs/jobs.ts'
import { isFinalJob } from './jobs/workbench-job.ts'
import { LauncherClient } from './launcher/client.ts'
import type { JoinedNode } from './node-cluster.ts'
import { controlPlaneOf, dataPlaneOf, type PlaneParts } from './node-planes.ts'
import { jobSide as jobSideOf } from './node-jobs.ts'
import { NodeServers } from './node-servers.ts'
import { historySide } from './node-history.ts'
import { sessionSide } from './node-sessions.ts'
import { signInSide } from './node-sign-ins.ts'
import { scheduleSide } from './node-schedules.ts'
import { nodeTasks } from './node-tasks.ts'
import type { NodeOptions, RunningNode } from './node.ts'
import type { NodeStore } from './nodes/node-store.ts'
import { browserAddress } from './peers/browser-address.ts'
import { doesAnswer } from './peers/does-answer.ts'
import { KnownPeers } from './peers/known-peers.ts'
import type { PeerClient } from './peers/peer-client.ts'
import { PeerReports } from './peers/peer-reports.ts'
import type { PeerTls } from './peers/peer-tls.ts'
import { routingOf } from './peers/routing.ts'
import type { SealedHops } from './peers/sealed-hops.ts'
import { PostgresApiTokens } from './postgres/api-tokens.ts'
import type { Database } from './postgres/connect.ts'
import type { HintListener } from './postgres/hints.ts'
import { PostgresJobRetention } from './postgres/job-retention.ts'
import { PostgresJobStore } from './postgres/job-store.ts'
import { PostgresSessionStore } from './postgres/session-store.ts'
import { SIGN_IN_LINK_MS, SignInLinks } from './postgres/sign-in-links.ts'
import { PostgresSignOuts } from './postgres/sign-outs.ts'
import { configuredPlacement } from './sessions/configured-placement.ts'
import { follow } from './sessions/follow.ts'
import { Placement } from './sessions/placement.ts'
import { isFinal } from './sessions/session.ts'
import { Sessions } from './sessions/sessions.ts'
import { addressOf } from './start/address.ts'
import type { TaskDriver } from './tasks/task-driver.ts'
import { WriteActivity } from './tasks/write-activity.ts'

const STOP_GRACE_MS = 10_000

/** A node that has joined its cluster and serves nobody yet. */
export interface ServeParts extends NodeOptions {
  /** The one person whose sessions run here; undefined where many sign in. */
  readonly user: string | undefined
  /** The name of this node. */
  readonly node: string
  readonly clusterKey: ClusterKey
  readonly peerTls: (PeerTls & { readonly port: number }) | undefined
  readonly database: Database
  readonly hints: HintListener
  readonly nodeStore: NodeStore
  readonly hopping: SealedHops
  readonly peerClient: PeerClient
  readonly joined: JoinedNode
  /** Closes what was open before; the last thing that is done. */
  close(): Promise<void>
}

/** Builds the parts of a node, starts them in order and stops them in reverse. Throws when it cannot listen. */
export async function serveNode(parts: ServeParts): Promise<RunningNode> {
  const { live, log, signal, user, node, clusterKey, peerTls, database, hints } = parts
  const { joined, nodeStore, peerClient } = parts
  const { config } = live
  const store = new PostgresSessionStore({ database })
  const { membership, nodes, news } = joined
  const { launcherSocket, launcherKey } = dataPaths(config)
  const launcher = new LauncherClient({ socket: launcherSocket, keyFile: launcherKey })
  let listening = config.server.port
  const side = sessionSide({
    live,
    node,
    store,
    launcher,
    clusterKey,
    log,
    program: parts.program,
    address: () => addressOf(config.server.host, listening),
  })
  const { activity, locations, ports, reader, reports, sessionTokens, usage, watch } = side
  const jobStore = new PostgresJobStore({ database })
  const jobSide = jobSideOf({ ...side, live, node, store: jobStore, launcher, clusterKey, log })
  const past = historySide({ database, log })
  live.onChange(() => watch.restart())
  const apiTokens = new ApiTokens({ store: new PostgresApiTokens({ database }) })
  const signInLinks = new SignInLinks({ database })
  const signing = signInSide({
    live,
    clusterKey,
    hopping: parts.hopping,
    store: new PostgresSignOuts({ database }),
  })
  const { signIns, signOuts } = signing
  const servers = new NodeServers({ config, peerTls })
  const ready = {
    database: async () => void (await database.query('select 1')),
    launcher: async () => void (await launcher.list(['none'])),
  }
  const placing = {
    ...configuredPlacement(config),
    members: () => membership.members(),
    answers: (member: Member) => doesAnswer(member, node, peerClient),
    log,
  }
  const placement = new Placement({ ...placing, sessions: () => locations.all() })
  const jobPlacement = new Placement({
    ...placing,
    sessions: () => [...locations.all(), ...jobSide.living.all().map(heldJob)],
  })
  const reconcileJobs = () => tasks.hint('reconcile-jobs')
  const workbenchJobs = new Jobs({
    ...jobSide,
    grants: side.grants,
    placement: jobPlacement,
    webhookHosts: () => live.config.jobs.webhook_hosts,
    reconcile: reconcileJobs,
  })
  const schedules = scheduleSide({
    ...parts,
    ...side,
    standings: signing.standings,
    workbenchJobs,
    jobSide,
    jobPlacement,
  })
  const superseded = new AbortController()
  const tasks: TaskDriver = nodeTasks({
    ...side,
    ...past,
    node,
    live,
    log,
    store,
    jobSide,
    scheduleSide: schedules,
    jobPlacement,
    jobRetention: new PostgresJobRetention({ database }),
    launcher,
    joined,
    nodeStore,
    signIns,
    signOuts,
    superseded: (error) => superseded.abort(error),
    canSee: () => Promise.all([ready.database(), ready.launcher()]),
  })
  const reconcile = () => tasks.hint('reconcile-sessions')
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
  const peers = new KnownPeers({
    memberOf: (name) => membership.get(name),
    nodes,
    refresh: (id) => reader.readOne(id),
  })
  const planeParts: PlaneParts = {
    ...parts,
    peers,
    server: servers.server,
    signInSide: signing,
    apiTokens,
    signInLinks,
    launcher,
    side,
    past,
    sessions,
    jobSide,
    workbenchJobs,
    scheduleSide: schedules,
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
    sessionTokens.ended(id)
  }
  locations.on('removed', ({ id }) => forget(id))
  locations.on('changed', (session, before) => {
    // What leads to a job that was superseded leads nowhere.
    if (before !== undefined && before.epoch !== session.epoch) forget(session.id)
    void sessions.takeBack(session).catch(() => undefined)
    if (isFinal(session.state)) forget(session.id)
    // What it used in all is measured already.
    if (isFinal(session.state) && session.node === node) tasks.hint('note-usage')
    if (session.node === node) reconcile()
    news.emit('changed')
  })

  const runSchedules = () => tasks.hint('run-schedules')
  jobSide.watch.on('ended', ({ webhook }) => {
    if (webhook !== null) tasks.hint('deliver-webhooks')
  })
  jobSide.living.on('changed', (job) => {
    const mayLetStart = isFinalJob(job.state) && jobSide.living.waiting(job.user) > 0
    if (job.node === node || mayLetStart) reconcileJobs()
    if (job.node !== node) return
    if (isFinalJob(job.state)) void jobSide.outputs.ended(job.id)
    else jobSide.outputs.follow(job)
  })

  await dataPlane.start()
  const answer = control.callback()
  servers.connect(
    (request, response) => void answer(request, response),
    dataPlane,
    (request) => browserAddress(request, routingOf(config, joined)),
  )
  nodes.on('changed', () => {
    // An administrator has drained this node, or taken that back.
    if (nodes.get(node)?.draining !== membership.local.meta.draining) tasks.hint('renew-lease')
  })
  membership.on('fail', () => tasks.hint('lose-nodes'))
  news.on('changed', () => tasks.hint('tell-launcher'))
  membership.on('leave', () => nodes.resync())
  await signOuts.readAll()
  await reader.readAll()
  await jobSide.reader.readAll()
  const port = await servers.listen(parts.listener)
  listening = port
  await joined.appear(port)
  hints.listen({
    session: reader,
    job: jobSide.reader,
    schedule: { changed: runSchedules, resync: runSchedules },
    token: apiTokens,
    'sign-out': signOuts,
    node: nodes,
    notice: past.notices,
  })
  usage.start()
  peerReports.start()
  tasks.start()
  const following = follow((until) => launcher.watch(until), reconcile, stopping.signal)
  const followingJobs = follow(
    (until) => launcher.watchAll(until),
    (job) => {
      if (workbenchId(job) !== undefined) reconcileJobs()
    },
    stopping.signal,
  )
  const signInToken =
    parts.withSignInLink && user !== undefined
      ? await signInLinks.create(user, SIGN_IN_LINK_MS)
      : undefined
  log.info({ port, node, version: parts.version }, 'the node serves')
  signal.throwIfAborted()

  return {
    port,
    handle: servers.handle,
    signInToken,
    superseded: superseded.signal,
    async stop() {
      stopping.abort()
      joined.startLeaving()
      const closed = servers.close(STOP_GRACE_MS)
      await dataPlane.stop(STOP_GRACE_MS)
      await closed
      await tasks.stop()
      await jobSide.outputs.stop()
      await following
      await followingJobs
      await peerReports.stop()
      await usage.stop()
      await reader.stop()
      await jobSide.reader.stop()
      await hints.close()
      await signOuts.stop()
      await joined.leave()
      await new WriteActivity({ activity, store }).activate().catch(() => undefined)
      await launcher.close()
      await parts.close()
    },
  }
}
