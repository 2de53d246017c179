// A process of its own: a node that hears of sessions of other nodes, as node.ts wires it, and notes when it could route to them.
import { createLog } from '../../src/log.ts'
import { connectDatabase } from '../../src/postgres/connect.ts'
import { HintListener } from '../../src/postgres/hints.ts'
import { PostgresSessionStore } from '../../src/postgres/session-store.ts'
import { LocationReader } from '../../src/sessions/location-reader.ts'
import { Locations } from '../../src/sessions/locations.ts'
import { now } from './arrivals.ts'
import type { Observed, RoutableArguments } from './routable-messages.ts'

const { connection } = JSON.parse(process.argv[2] ?? '') as RoutableArguments
const log = createLog('info', 'node')
const database = await connectDatabase({ source: connection, applicationName: 'observer', log })
const locations = new Locations()
const store = new PostgresSessionStore({ database })
const reader = new LocationReader({ store, locations, log })
const hints = new HintListener({ config: database.config, log })
const tell = (observed: Observed) => process.send?.(observed)
const nobody = { changed: () => undefined, resync: () => undefined }

locations.on('changed', ({ id, user, state }) => {
  if (user === 'measured' && state === 'Active') tell({ type: 'saw', id, at: now() })
})
hints.listen({
  session: {
    changed: (id) => reader.changed(id),
    resync: () => void reader.readAll().then(() => tell({ type: 'ready' })),
  },
  token: nobody,
  'sign-out': nobody,
  node: nobody,
  notice: nobody,
})
process.once('disconnect', () => process.exit())
