import t, { type Test } from 'tap'
import { AtelierError } from '../../src/errors.ts'
import { PostgresJobStore } from '../../src/postgres/job-store.ts'
import { PostgresScheduleStore } from '../../src/postgres/schedule-store.ts'
import type { ScheduleStore } from '../../src/schedules/schedule-store.ts'
import type { Schedule } from '../../src/schedules/schedule.ts'
import { tickAfter } from '../../src/schedules/ticks.ts'
import { RunSchedules } from '../../src/tasks/run-schedules.ts'
import { TaskDriver } from '../../src/tasks/task-driver.ts'
import { database, migrated } from '../fixtures/database.ts'
import { silent } from '../fixtures/silent-log.ts'
import { until } from '../fixtures/until.ts'
import { newJob, newSchedule } from '../schedules/fixtures/schedules.ts'

const server = await database(t)
const db = await migrated(t, server)
const jobs = new PostgresJobStore({ database: db })
const store = new PostgresScheduleStore({ database: db })
const { signal } = new AbortController()

let count = 0

/** What a node does at each tick, with changes. */
function runner(changes: {
  store?: ScheduleStore
  refuse?: () => void
  closed?: readonly string[]
  started?: string[]
}): RunSchedules {
  const { refuse = () => undefined, closed = [], started = [] } = changes
  return new RunSchedules({
    store: changes.store ?? store,
    jobs: {
      prepare: async (user, _wish, from) => {
        refuse()
        const { node: _, ...job } = newJob({
          id: `job-${count++}`,
          user,
          schedule: from?.schedule ?? null,
          tick: from?.tick ?? null,
        })
        return { job, mostLiving: null }
      },
    },
    placement: {
      async place(_wish, put) {
        for (const node of ['n1', 'n2', 'n3'].filter((name) => !closed.includes(name))) {
          return put(node)
        }
        throw new AtelierError('NO_NODE')
      },
    },
    requireUser: async () => undefined,
    started: ({ id }) => void started.push(id),
    log: silent,
  })
}

/** Sets the tick that a schedule is at, in ms from now. */
async function setDue(id: string, from: number): Promise<void> {
  await db.query(
    `update atelier.schedules set next_at = date_trunc('second', now() + $2 * interval '1 ms') where id = $1`,
    [id, from],
  )
}

async function present(id: string): Promise<Schedule> {
  const schedule = await store.get(id)
  if (schedule === undefined) throw new Error(`there is no ${id}`)
  return schedule
}

/** The ticks of a schedule that have a job, in order; a tick with two comes twice. */
async function ticksOf(schedule: string): Promise<readonly number[]> {
  const found = await jobs.list({ schedule, limit: 500 })
  return found.map(({ tick }) => tick?.getTime() ?? 0).toSorted((a, b) => a - b)
}

/** Every tick of these ones from the first to the last. */
function everyTick(cron: string, ticks: readonly number[]): readonly number[] {
  const [first = 0] = ticks
  const wanted = [first]
  while ((wanted.at(-1) ?? Infinity) < (ticks.at(-1) ?? 0)) {
    const next = tickAfter({ cron, timeZone: 'UTC' }, new Date(wanted.at(-1) ?? 0))
    wanted.push(next?.getTime() ?? Infinity)
  }
  return wanted
}

function drive(t: Test, tasks: readonly RunSchedules[]): void {
  const drivers = tasks.map((task) => new TaskDriver({ tasks: [task], log: silent }))
  for (const driver of drivers) driver.start()
  t.teardown(async () => void (await Promise.all(drivers.map((driver) => driver.stop()))))
}

t.test(
  'many nodes make each tick once and in time, also when some die in the midst of it',
  async (t) => {
    const cron = '* * * * * *'
    const ids = ['second-1', 'second-2', 'second-3']
    const dying: Promise<never> = new Promise(() => undefined)
    const dead = new Set<string>()
    // Two nodes hang for ever just before, or just after, a tick has been made.
    const mortal = (when: 'before' | 'after'): ScheduleStore => {
      return Object.assign(new PostgresScheduleStore({ database: db }), {
        async run(...args: Parameters<ScheduleStore['run']>) {
          if (dead.has(when)) return dying
          const made = when === 'after' ? await store.run(...args) : undefined
          if (made?.did === 'nothing') return made
          dead.add(when)
          return dying
        },
      })
    }
    const mortals = [mortal('before'), mortal('after')]
    const well = Array.from({ length: 6 }, () => runner({}))
    // The dead ones are never stopped, as they would not end.
    for (const each of mortals) {
      new TaskDriver({ tasks: [runner({ store: each })], log: silent }).start()
    }
    for (const id of ids) {
      await store.insert(newSchedule({ id, cron }), null)
      await setDue(id, 1000)
    }
    await until(() => dead.size === 2)
    drive(t, well)
    await until(async () => {
      const ticks = await Promise.all(ids.map(ticksOf))
      return ticks.every(({ length }) => length >= 12)
    })
    for (const id of ids) await store.remove(id)
    for (const id of ids) {
      const ticks = await ticksOf(id)
      t.strictSame(ticks, everyTick(cron, ticks), id)
    }
  },
)

t.test('a tick that cannot be made is noted, and not tried for ever', async (t) => {
  const cases = {
    gone: new AtelierError('PROFILE_UNKNOWN', 'There is no profile large.'),
    full: new AtelierError('LIMIT_REACHED', 'You have 5 jobs.'),
    odd: new Error('a mistake of ours'),
  } as const
  for (const [name, error] of Object.entries(cases)) {
    const id = `refused-${name}`
    await store.insert(newSchedule({ id, cron: '0 0 * * * *' }), null)
    await setDue(id, -1000)
    const refusing = runner({
      refuse: () => {
        throw error
      },
    })
    await refusing.activate(signal)
    const schedule = await present(id)
    t.strictSame(await ticksOf(id), [])
    if (name === 'gone') {
      t.match(schedule, { attempts: 0, lastProblem: /not be started: There is no profile large/ })
      t.ok(schedule.nextAt && schedule.nextAt.getTime() > Date.now())
    } else {
      const said = name === 'full' ? /yet: You have 5 jobs/ : /yet: Something went wrong/
      t.match(schedule, { attempts: 1, lastProblem: said })
    }
    await store.remove(id)
  }
})

t.test('what is refused for a moment is made later', async (t) => {
  const id = 'patient'
  await store.insert(newSchedule({ id, cron: '0 0 * * * *' }), null)
  await setDue(id, -1000)
  const started: string[] = []
  const closed = ['n1', 'n2', 'n3']
  const node = runner({ started, closed })
  await node.activate(signal)
  t.match(await present(id), { attempts: 1, lastProblem: /No server/ })
  closed.length = 0
  await until(async () => {
    await node.activate(signal)
    return (await ticksOf(id)).length === 1
  })
  t.equal(started.length, 1)
  t.match(await present(id), { attempts: 0, lastProblem: null })
  await store.remove(id)
})

t.test('after an outage the rule decides: none of the missed, or one for all', async (t) => {
  const cron = '0 */10 * * * *'
  for (const missed of ['skip', 'once'] as const) {
    await store.insert(newSchedule({ id: missed, cron, missed }), null)
    await db.query(
      `update atelier.schedules set next_at = date_trunc('hour', now()) - interval '5 hours' where id = $1`,
      [missed],
    )
  }
  await runner({}).activate(signal)
  const now = await store.now()
  for (const missed of ['skip', 'once'] as const) {
    const { nextAt, lastProblem } = await present(missed)
    t.ok(nextAt && nextAt > new Date(now.getTime() - 60_000), `${missed} goes on`)
    const ticks = await ticksOf(missed)
    if (missed === 'once') {
      t.equal(ticks.length, 1)
      t.ok(now.getTime() - (ticks[0] ?? 0) <= 600_000, 'for the latest that was missed')
    } else if (ticks.length === 0) {
      t.match(lastProblem, /missed/)
    }
    // The full hour may be within the grace just now.
    t.ok(ticks.length <= 1)
    await store.remove(missed)
  }
})

t.test('a run too many is left out and said so', async (t) => {
  const id = 'overlapping'
  await store.insert(newSchedule({ id, cron: '* * * * * *', overlap: 'skip' }), null)
  await setDue(id, -500)
  await runner({}).activate(signal)
  await until(async () => {
    await runner({}).activate(signal)
    return (await present(id)).lastProblem !== null
  })
  t.match(await present(id), { lastProblem: /still going on/ })
  t.equal((await ticksOf(id)).length, 1)
  await store.remove(id)
})

t.test('it looks again when the next tick is due, and now and then', async (t) => {
  const node = runner({})
  await node.activate(signal)
  t.equal(node.period, 2000)
  await store.insert(newSchedule({ id: 'soon', cron: '0 0 * * * *' }), null)
  await setDue('soon', 1900)
  await node.activate(signal)
  t.ok(node.period <= 1900, `${node.period} ms`)
  await store.remove('soon')
})

t.test('without a database it fails, and goes on afterwards', async (t) => {
  const node = runner({})
  await store.insert(newSchedule({ id: 'outage', cron: '0 0 * * * *' }), null)
  await setDue('outage', 0)
  await server.kill()
  await t.rejects(node.activate(signal), { code: 'DATABASE_UNAVAILABLE' })
  await server.start()
  await until(async () => {
    await node.activate(signal).catch(() => undefined)
    return (await ticksOf('outage').catch(() => [])).length === 1
  })
})
