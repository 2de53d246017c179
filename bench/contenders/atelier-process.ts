// A process of its own: the data plane of a node, wired as node.ts does it, with sessions that are there already.
import { randomBytes } from 'node:crypto'
import { ClusterKey } from '../../src/auth/cluster-key.ts'
import { benchSignIns } from '../bench-sign-ins.ts'
import { SessionDoor } from '../../src/auth/door.ts'
import { sessionSecrets } from '../../src/auth/session-secrets.ts'
import { clientOf, connectPlanes, createHttpServer, listen } from '../../src/http.ts'
import { Ides } from '../../src/ides/ides.ts'
import { createLog } from '../../src/log.ts'
import { browserAddress } from '../../src/peers/browser-address.ts'
import { NO_PEERS } from '../../src/peers/no-peers.ts'
import { SealedHops } from '../../src/peers/sealed-hops.ts'
import { DataPlane } from '../../src/proxy/app.ts'
import { Activity } from '../../src/sessions/activity.ts'
import { Locations } from '../../src/sessions/locations.ts'
import { type BenchNode, peersOf } from './bench-node.ts'
import { NO_APPS, sessionsFor } from './bench-sessions.ts'

const USER = 'ada'
const [, , sockets = '{}', others = '0', place = '{}'] = process.argv
const { node = 'bench', key, holder } = JSON.parse(place) as BenchNode

const log = createLog('info', 'node')
const clusterKey = new ClusterKey(key === undefined ? randomBytes(32) : Buffer.from(key, 'hex'))
const signIns = benchSignIns(clusterKey, USER)
const ides = new Ides({ directory: '/nonexistent', rserver: '/nonexistent', log })
const locations = new Locations()
const activity = new Activity()
const server = createHttpServer()
const hopping = new SealedHops({ key: clusterKey.derive('peer hops'), node })
const dataPlane = new DataPlane({
  server,
  activity,
  clientOf: (request) => clientOf(request, hopping.open(request)),
  log,
  apps: NO_APPS,
  door: new SessionDoor({ signIns, isSecure: () => false, sessionOf: (id) => locations.get(id) }),
  hops: { node, ide: (name) => ides.get(name), secretOf: sessionSecrets(clusterKey) },
  hopping,
  peers: holder === undefined ? NO_PEERS : peersOf(holder),
})
const owner = { user: USER, node: holder?.name ?? node }
locations.apply(sessionsFor(owner, JSON.parse(sockets) as Record<string, string>, Number(others)))
await dataPlane.start()
const routing = { mode: 'load-balancer', isPublicNode: false, ownUrl: '' } as const
connectPlanes(
  server,
  (_request, response) => {
    response.statusCode = 404
    response.end()
  },
  dataPlane,
  { redirect: (request) => browserAddress(request, routing) },
)
const { port } = await listen(server, '127.0.0.1', 0)
const [pair] = (await signIns.begin(USER, false)).split(';')
process.send?.({ port, cookie: pair })
process.once('disconnect', () => process.exit())
// By itself, so that a profile of Node is written.
process.once('SIGTERM', () => process.exit())
