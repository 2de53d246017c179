// A process of its own: a node that changes its sessions through the real store, each to Active with a location.
import { setTimeout as delay } from 'node:timers/promises'
import { createLog } from '../../src/log.ts'
import { connectionConfig, Database } from '../../src/postgres/connect.ts'
import { PostgresSessionStore } from '../../src/postgres/session-store.ts'
import { arrivals, now } from './arrivals.ts'
import { hintingDatabase } from './hinting-database.ts'
import type { Change, Order, RoutableArguments, Written } from './routable-messages.ts'

const { connection, hinting, commitDelayMs } = JSON.parse(
  process.argv[2] ?? '',
) as RoutableArguments
const log = createLog('info', 'node')
const config = {
  ...connectionConfig(connection, 'writer'),
  options: `-c commit_delay=${commitDelayMs * 1000} -c commit_siblings=0`,
}
const database = hintingDatabase(new Database({ config, log }), hinting)
const store = new PostgresSessionStore({ database })
const versions = new Map<string, number>()
let stopped = false

async function change(id: string): Promise<Change> {
  const version = versions.get(id) ?? 1
  const begun = now()
  const location = { kind: 'socket', path: `/run/${id}/${version}.sock` } as const
  const changed = await store.update(id, version, { state: 'Active', location })
  if (changed === undefined) throw new Error(`${id} was changed by somebody else`)
  versions.set(id, changed.version)
  return { id, begun, committed: now() }
}

async function once(ids: readonly string[], perSecond: number): Promise<readonly Change[]> {
  const start = now()
  const moments = arrivals(perSecond, ids.length, Math.random)
  return Promise.all(
    ids.map(async (id, index) => {
      await delay((moments[index] ?? 0) - (now() - start))
      return change(id)
    }),
  )
}

async function forever(ids: readonly string[], perSecond?: number): Promise<readonly Change[]> {
  const changes: Change[] = []
  if (perSecond === undefined) {
    await Promise.all(
      ids.map(async (id) => {
        while (!stopped) changes.push(await change(id))
      }),
    )
    return changes
  }
  // Never two changes of one session at a time: when all are being changed, a change is left out.
  const free = [...ids]
  const underWay = new Set<Promise<void>>()
  const changeOne = async (id: string) => {
    changes.push(await change(id))
    free.push(id)
  }
  let next = now()
  while (!stopped) {
    next += arrivals(perSecond, 1, Math.random)[0] ?? 0
    if (next > now()) await delay(next - now())
    const id = free.shift()
    if (id === undefined) continue
    const one = changeOne(id).finally(() => underWay.delete(one))
    underWay.add(one)
  }
  await Promise.all(underWay)
  return changes
}

process.on('message', (order: Order) => {
  if (order.type === 'stop') {
    stopped = true
    return
  }
  stopped = false
  const start = now()
  const { ids, perSecond } = order
  const done = order.type === 'once' ? once(ids, order.perSecond) : forever(ids, perSecond)
  void done.then((changes) => {
    const written: Written = { type: 'written', changes, seconds: (now() - start) / 1000 }
    process.send?.(written)
  })
})
process.once('disconnect', () => process.exit())
process.send?.({ type: 'ready' })
