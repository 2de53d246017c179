import { setTimeout as delay } from 'node:timers/promises'
import { PostgresSessionStore } from '../../src/postgres/session-store.ts'
import { until } from '../../test/fixtures/until.ts'
import type { Workplace } from '../workplace.ts'
import type { Hinting } from './hinting-database.ts'
import type { Observed } from './routable-messages.ts'
import { order, type RoutableStage, startNode } from './routable-nodes.ts'
import { type RoutableMeasurement, routableTimes } from './routable-result.ts'

/** Changes a second that are measured, at most: all at the lowest rate, so that it is not more than asked for. */
const MEASURED_PER_SECOND = 20
/** So many sessions are changed by the others; never two changes of one at a time. */
const OTHERS = 64
const WRITERS = 16
const WARM_UP_MS = 500

/** One measurement: a node that starts sessions, one that is to know them, and others that change theirs meanwhile. */
export async function measureRoutable(
  { workplace, stage }: { readonly workplace: Workplace; readonly stage: RoutableStage },
  what: {
    readonly hinting: Hinting
    readonly commitDelayMs: number
    readonly rate: number | undefined
    readonly samples: number
    /** Seconds for as many changes as possible. */
    readonly seconds: number
  },
): Promise<RoutableMeasurement> {
  const { hinting, commitDelayMs, rate, samples, seconds } = what
  const { connection, database } = stage
  await database.query('delete from atelier.sessions')
  const insert = inserter(new PostgresSessionStore({ database }))
  const options = { connection, hinting, commitDelayMs }
  const [observer, starter, others] = await Promise.all([
    startNode(workplace, 'observer', options),
    startNode(workplace, 'writer', options),
    startNode(workplace, 'writer', options),
  ])
  const seen = new Map<string, number>()
  observer.child.on('message', (observed: Observed) => {
    if (observed.type === 'saw') seen.set(observed.id, observed.at)
  })
  try {
    if (rate === undefined) {
      const ids = await insert('others', WRITERS)
      const writing = order(others, { type: 'forever', ids })
      await delay(seconds * 1000)
      others.child.send({ type: 'stop' })
      const { changes, seconds: took } = await writing
      const commitMs = changes.map(({ begun, committed }) => committed - begun)
      return {
        hinting,
        commitDelayMs,
        rate,
        routableMs: [],
        commitMs,
        perSecond: changes.length / took,
      }
    }
    // Connects, compiles and fills caches on both sides.
    await order(starter, { type: 'once', ids: await insert('warm-up', 30), perSecond: 100 })
    const measured = Math.min(rate, MEASURED_PER_SECOND)
    const background = rate - measured
    const writing =
      background > 0
        ? order(others, {
            type: 'forever',
            ids: await insert('others', OTHERS),
            perSecond: background,
          })
        : undefined
    const ids = await insert('measured', samples)
    await delay(WARM_UP_MS)
    const { changes, seconds: took } = await order(starter, {
      type: 'once',
      ids,
      perSecond: measured,
    })
    others.child.send({ type: 'stop' })
    const more = await writing
    const routableMs = await until(
      () => routableTimes(changes, seen),
      30_000,
      'all sessions to be routable',
    )
    return {
      hinting,
      commitDelayMs,
      rate,
      routableMs,
      commitMs: changes.map(({ begun, committed }) => committed - begun),
      perSecond: changes.length / took + (more ? more.changes.length / more.seconds : 0),
    }
  } finally {
    for (const program of [observer, starter, others]) program.stop()
  }
}

function inserter(store: PostgresSessionStore) {
  return async (user: string, count: number): Promise<readonly string[]> => {
    const ids = Array.from({ length: count }, (_none, index) => `${user}-${index}`)
    for (const id of ids) {
      const nothing = { name: null, python: null, r: null, profile: null }
      await store.insert({ id, user, ide: 'jupyterlab', node: 'bench', ...nothing })
    }
    return ids
  }
}
