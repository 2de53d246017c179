import t from 'tap'
import type { FoundAccount } from '../../src/auth/role.ts'
import { Standings } from '../../src/auth/standings.ts'

/** A name service that answers as the test says, and a clock that it moves. */
class World {
  now = 1_000_000
  lookUps = 0
  silent = false
  readonly accounts = new Map<string, FoundAccount>([['ann', { uid: 1000, groups: ['staff'] }]])
  readonly standings: Standings

  constructor(onlyUser?: string) {
    const rules = { onlyUser, requiredGroup: undefined, adminGroup: 'wheel', minimumUid: 1000 }
    this.standings = new Standings({
      lookUp: async (user) => {
        this.lookUps += 1
        if (this.silent) throw new Error('no answer')
        return this.accounts.get(user)
      },
      rules: () => rules,
      now: () => this.now,
    })
  }
}

const USER = { admitted: true, role: 'user' }

t.test('with one person no account is looked up', async (t) => {
  const world = new World('ann')
  t.strictSame(await world.standings.of('ann'), { admitted: true, role: 'administrator' })
  t.strictSame(await world.standings.of('bob'), USER)
  t.equal(world.lookUps, 0)
})

t.test('many requests are one look, and a change is seen within a minute', async (t) => {
  const world = new World()
  const asked = Array.from({ length: 20 }, () => world.standings.of('ann'))
  for (const standing of await Promise.all(asked)) t.strictSame(standing, USER)
  t.equal(world.lookUps, 1)
  world.accounts.set('ann', { uid: 1000, groups: ['wheel'] })
  world.now += 19_000
  t.strictSame(await world.standings.check('ann'), USER, 'not yet')
  world.now += 2000
  t.strictSame(await world.standings.of('ann'), USER, 'it is read again, and not waited for')
  t.strictSame(await world.standings.of('ann'), { admitted: true, role: 'administrator' })
  t.equal(world.lookUps, 2)
})

t.test('who was away for long is looked up before anything is answered', async (t) => {
  const world = new World()
  await world.standings.of('ann')
  world.accounts.set('ann', { uid: 1000, groups: ['wheel'] })
  world.now += 61_000
  t.match(await world.standings.of('ann'), { role: 'administrator' })
})

t.test('an account that is gone is missed twice before its user is shut out', async (t) => {
  const world = new World()
  await world.standings.of('ann')
  world.accounts.clear()
  world.now += 21_000
  t.strictSame(await world.standings.check('ann'), USER, 'a name service may just be starting')
  world.now += 5000
  t.strictSame(await world.standings.check('ann'), USER)
  world.now += 6000
  t.match(await world.standings.check('ann'), { admitted: false, why: /no such account/ })
  world.accounts.set('ann', { uid: 1000, groups: [] })
  world.now += 61_000
  t.strictSame(await world.standings.of('ann'), USER, 'and may come back')
  t.match(await world.standings.of('eve'), { admitted: false }, 'who never was is refused at once')
})

t.test(
  'while the name service is silent its last answer holds, and it is not bothered',
  async (t) => {
    const world = new World()
    await world.standings.of('ann')
    world.silent = true
    world.now += 3_600_000
    for (let each = 0; each < 5; each++) t.strictSame(await world.standings.of('ann'), USER)
    t.equal(world.lookUps, 2)
    await t.rejects(world.standings.of('bob'), { code: 'NAME_SERVICE_UNAVAILABLE' })
    t.equal(world.lookUps, 2, 'for nobody')
    world.silent = false
    world.accounts.set('ann', { uid: 1000, groups: ['wheel'] })
    world.now += 11_000
    t.match(await world.standings.of('ann'), { role: 'administrator' })
    t.match(await world.standings.of('bob'), { admitted: false })
  },
)

t.test('with other rules everything is looked up anew', async (t) => {
  const world = new World()
  await world.standings.of('ann')
  world.standings.forget()
  await world.standings.of('ann')
  t.equal(world.lookUps, 2)
})
