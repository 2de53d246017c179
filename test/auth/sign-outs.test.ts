import t from 'tap'
import type { SignOut, SignOutStore } from '../../src/auth/sign-out.ts'
import { SignOuts } from '../../src/auth/sign-outs.ts'
import { AtelierError } from '../../src/errors.ts'
import { until } from '../fixtures/until.ts'

const HOUR = 3_600_000

/** A table that may be away. */
class Table implements SignOutStore {
  readonly rows = new Map<string, SignOut>()
  readonly asked: string[] = []
  away = false

  async insert(signOut: SignOut): Promise<void> {
    this.#ask(`insert ${signOut.user}`)
    this.rows.set(signOut.id, signOut)
  }

  async find(id: string): Promise<SignOut | undefined> {
    this.#ask('find')
    return this.rows.get(id)
  }

  async list(seconds?: number): Promise<readonly SignOut[]> {
    this.#ask(`list ${seconds ?? 'all'}`)
    return [...this.rows.values()]
  }

  #ask(what: string): void {
    this.asked.push(what)
    if (this.away) throw new AtelierError('DATABASE_UNAVAILABLE')
  }
}

/** What two nodes on one table know; `now` is the clock of both. */
class World {
  readonly table = new Table()
  readonly told: string[] = []
  now = 100 * HOUR
  readonly one = this.#node('one')
  readonly two = this.#node('two')

  signIn(id: string, user = 'ann', at = this.now) {
    return { id, user, at, renewedAt: at, end: at + 30 * HOUR }
  }

  #node(name: string): SignOuts {
    return new SignOuts({
      store: this.table,
      onSignedOut: ({ id }) => void this.told.push(`${name} ${id}`),
      now: () => this.now,
    })
  }
}

t.test('a sign-out holds here at once, and on other nodes when they hear of it', async (t) => {
  const world = new World()
  const { one, two } = world
  const signIn = world.signIn('a')
  await one.signOut(signIn)
  t.ok(one.has(signIn))
  t.notOk(one.has(world.signIn('b')), 'another sign-in of the same user goes on')
  t.notOk(two.has(signIn))
  two.changed('a')
  two.changed('never-was')
  await until(() => two.has(signIn))
  two.changed('a')
  await until(() => world.table.asked.filter((each) => each === 'find').length === 3)
  t.strictSame(world.told, ['one a', 'two a'], 'each is told once')
  t.match(world.table.rows.get('a'), { user: 'ann', before: null, expiresAt: signIn.end })
})

t.test('a sign-out everywhere ends what has begun, and no later sign-in', async (t) => {
  const world = new World()
  const { one, two } = world
  const ahead = world.signIn('by a node whose clock is ahead', 'ann', world.now + 30_000)
  const old = world.signIn('old', 'ann', world.now - HOUR)
  await one.signOutEverywhere('ann', 'all', 30 * HOUR)
  for (const signIn of [ahead, old]) t.ok(one.has(signIn), signIn.id)
  t.notOk(one.has(world.signIn('x', 'bob')))
  two.resync()
  await until(() => two.has(old))
  for (const node of [one, two]) {
    t.notOk(node.has(world.signIn('new', 'ann', node.beginOf('ann'))), 'a second later')
  }
  t.equal(one.beginOf('bob'), world.now)
  world.now += HOUR
  t.equal(one.beginOf('ann'), world.now)
  const between = world.signIn('between', 'ann', one.beginOf('ann'))
  await one.signOutEverywhere('ann', 'again', 30 * HOUR)
  t.ok(one.has(between), 'and once more')
})

t.test('while the database is away it holds here, is told, and is written later', async (t) => {
  const world = new World()
  const { one, table } = world
  t.teardown(() => one.stop())
  table.away = true
  const signIn = world.signIn('a')
  await t.rejects(one.signOut(signIn), { code: 'DATABASE_UNAVAILABLE' })
  t.ok(one.has(signIn))
  await until(() => table.asked.length > 2)
  t.equal(table.rows.size, 0)
  table.away = false
  await until(() => table.rows.has('a'))
})

t.test(
  'what was sent while nobody listened is read as a whole, else the last minutes',
  async (t) => {
    const world = new World()
    const { two, table } = world
    two.resync()
    await until(() => table.asked.length === 1)
    two.refresh()
    await until(() => table.asked.length === 2)
    t.strictSame(table.asked, ['list all', 'list 600'])
    await world.one.signOut(world.signIn('a'))
    await two.readAll()
    t.ok(two.has(world.signIn('a')))
  },
)

t.test('what nobody needs to know any more is forgotten', async (t) => {
  const world = new World()
  const { one, table } = world
  await one.signOut(world.signIn('a'))
  await one.signOutEverywhere('ann', 'all', 30 * HOUR)
  table.rows.clear()
  const refresh = async () => {
    const before = table.asked.length
    one.refresh()
    await until(() => table.asked.length > before)
    // The reading goes on behind the question.
    await new Promise(setImmediate)
  }
  await refresh()
  t.ok(one.has(world.signIn('a', 'eve')))
  world.now += 32 * HOUR
  await refresh()
  t.notOk(one.has(world.signIn('a', 'eve')))
  t.equal(one.beginOf('ann'), world.now)
})
