import type { Server } from 'node:http'
import type { ApiTokens } from './auth/api-tokens.ts'
import { SessionDoor } from './auth/door.ts'
import type { LiveConfig } from './config/live-config.ts'
import { controlApp } from './control/app.ts'
import { jobFor } from './control/others-jobs.ts'
import type { HealthParts } from './control/health.ts'
import { IdeWatch } from './ides/ide-watch.ts'
import type { Jobs } from './jobs/jobs.ts'
import { isFinalJob } from './jobs/workbench-job.ts'
import type { Launcher, LauncherClusters } from './launcher/launcher.ts'
import type { Log } from './log.ts'
import type { JoinedNode } from './node-cluster.ts'
import type { JobSide } from './node-jobs.ts'
import type { ScheduleSide } from './node-schedules.ts'
import type { HistorySide } from './node-history.ts'
import type { SessionSide } from './node-sessions.ts'
import type { SignInSide } from './node-sign-ins.ts'
import type { NodeStore } from './nodes/node-store.ts'
import { NodeWatch } from './nodes/node-watch.ts'
import { Nodes } from './nodes/nodes.ts'
import { addressesOf } from './nodes/own-addresses.ts'
import type { KnownPeers } from './peers/known-peers.ts'
import type { PeerTls } from './peers/peer-tls.ts'
import type { SealedHops } from './peers/sealed-hops.ts'
import { DataPlane } from './proxy/app.ts'
import { connectToApp } from './sessions/app-connection.ts'
import type { Session } from './sessions/session.ts'
import type { Sessions } from './sessions/sessions.ts'

/** What the two planes of a node are built from. */
export interface PlaneParts {
  readonly live: LiveConfig
  readonly log: Log
  /** The name of this node. */
  readonly node: string
  readonly version: string
  readonly webDirectory: string
  readonly server: Server
  readonly signInSide: SignInSide
  readonly apiTokens: ApiTokens
  readonly signInLinks: { redeem(token: string): Promise<string | undefined> }
  readonly launcher: Launcher & LauncherClusters
  readonly nodeStore: NodeStore
  readonly joined: JoinedNode
  readonly side: SessionSide
  readonly past: HistorySide
  readonly sessions: Sessions
  readonly jobSide: JobSide
  readonly workbenchJobs: Jobs
  readonly scheduleSide: ScheduleSide
  readonly hopping: SealedHops
  readonly peers: KnownPeers
  /** What nodes show each other, where they speak TLS. */
  readonly peerTls: PeerTls | undefined
  readonly ready: HealthParts['ready']
  /** Aborted when the node stops. */
  readonly stopping: AbortSignal
}

/** The data plane of a node; it is not started. */
export function dataPlaneOf(parts: PlaneParts): DataPlane {
  const { server, log, node, side, hopping, peers, live } = parts
  const { signIns, isSecure, clientOf } = parts.signInSide
  const { activity, ides, locations, ports, secretOf } = side
  return new DataPlane({
    server,
    activity,
    clientOf,
    hopping,
    peerTls: parts.peerTls,
    peers,
    log,
    withheld: live.config.auth.proxied_header,
    door: new SessionDoor({ signIns, isSecure, sessionOf: (id) => locations.get(id) }),
    hops: { node, ide: (name) => ides.get(name), secretOf },
    apps: {
      find: (session, port) => ports.find(session, port),
      connect: (session, port) => connectToApp(ports, session, port),
    },
  })
}

/** The control plane of a node, which passes on by the data plane what only another node can answer. */
export function controlPlaneOf(
  parts: PlaneParts,
  dataPlane: DataPlane,
): ReturnType<typeof controlApp> {
  const { live, node, nodeStore, joined, side, sessions, hopping } = parts
  const { ides, locations, reports, secretOf, sessionTokens, usage } = side
  const { membership, news } = joined
  const nodes = new Nodes({ store: nodeStore, membership, locations })
  return controlApp({
    ...parts,
    ...side,
    ...parts.past,
    ...parts.signInSide,
    ...parts.scheduleSide,
    nodes,
    nodeNews: news,
    nodeWatch: new NodeWatch({ nodes, news }),
    host: node,
    ideWatch: new IdeWatch({ ides }),
    heldElsewhere: {
      check: (request) => void hopping.open(request),
      relay: (request, response, heldOf) => dataPlane.relay(request, response, heldOf),
    },
    isFromPeer: (request) => hopping.open(request) !== undefined,
    addressesOf,
    limits: () => ({
      requests: live.config.api.requests_per_minute,
      signIns: live.config.api.sign_ins_per_minute,
    }),
    extras: {
      report: (session) => reports.of(session),
      keepUntilAtMost: () => sessions.keepUntilAtMost(),
      isReachable: (session) => isReachable(session, parts),
    },
    jobFor: (asking, id) => jobFor(parts.workbenchJobs, asking, id),
    jobsShared: live.config.jobs.shared,
    jobFiles: parts.jobSide.filesOf,
    isJobComplete: (id) => isComplete(id, parts.jobSide),
    livingJobs: parts.jobSide.living,
    jobCommands: parts.jobSide.commands,
    jobExtras: {
      usage: (job) => {
        const used = job.node === node && !isFinalJob(job.state) ? usage.of(job) : undefined
        return { cpuPercent: used?.cpuPercent ?? null, memoryBytes: used?.residentBytes ?? null }
      },
      isReachable: (job) => job.node === node || parts.peers.get(job.node)?.failed === false,
    },
    scrub: (id, text) => {
      const session = locations.get(id)
      if (session === undefined) return text
      const secrets = [secretOf(session), sessionTokens.tokenOf(session)]
      return secrets.reduce((scrubbed, secret) => scrubbed.replaceAll(secret, '…'), text)
    },
  })
}

/** False while the node that holds the session does not answer; one that missed a probe may well. */
function isReachable({ node, location }: Session, { node: own, peers }: PlaneParts): boolean {
  return node === own || location?.kind === 'address' || peers.get(node)?.failed === false
}

/** True once the job has ended and all is stored here that it has printed; false while that cannot be found out. */
async function isComplete(id: string, { living, store, outputs }: JobSide): Promise<boolean> {
  if (living.get(id) !== undefined || outputs.isFollowing(id)) return false
  const job = await store.get(id).catch(() => undefined)
  return job !== undefined && isFinalJob(job.state) && !outputs.isFollowing(id)
}
