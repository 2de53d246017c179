import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import t from 'tap'
import { ClusterKey } from '../../src/auth/cluster-key.ts'
import { SignInCookie } from '../../src/auth/cookie.ts'
import { SessionDoor } from '../../src/auth/door.ts'
import { Followers } from '../../src/auth/followers.ts'
import type { ProxiedUser } from '../../src/auth/proxied.ts'
import type { Standing } from '../../src/auth/role.ts'
import { SignInUses } from '../../src/auth/sign-in-uses.ts'
import { SignIns } from '../../src/auth/sign-ins.ts'
import { SignOuts } from '../../src/auth/sign-outs.ts'
import { AtelierError } from '../../src/errors.ts'
import { session } from '../fixtures/session.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const clusterKey = new ClusterKey(randomBytes(32))

/** The sign-ins of one node; its clock begins now and is moved by the test. */
class World {
  ahead = 0
  lifetimes = { idle: 2 * HOUR, absolute: 24 * HOUR }
  proxied: ProxiedUser = { kind: 'none' }
  readonly standings = new Map<string, Standing>([
    ['ann', { admitted: true, role: 'administrator' }],
    ['bob', { admitted: true, role: 'user' }],
  ])
  readonly #followers = new Followers()
  readonly #signOuts = new SignOuts({
    store: { insert: async () => {}, find: async () => undefined, list: async () => [] },
    onSignedOut: ({ user }) =>
      this.#followers.end(user, ({ signIn }) => signIn !== undefined && this.#signOuts.has(signIn)),
    now: () => this.now(),
  })
  readonly signIns: SignIns

  constructor() {
    const of = async (user: string): Promise<Standing> =>
      this.standings.get(user) ?? { admitted: false, why: 'Nobody.' }
    this.signIns = new SignIns({
      cookie: new SignInCookie({ clusterKey }),
      signOuts: this.#signOuts,
      standings: { of, check: of },
      followers: this.#followers,
      uses: new SignInUses(),
      lifetimes: () => this.lifetimes,
      proxiedUser: () => this.proxied,
      now: () => this.now(),
    })
  }

  now(): number {
    return Date.now() + this.ahead
  }

  async begin(user: string): Promise<IncomingMessage> {
    return asking(await this.signIns.begin(user, false))
  }
}

/** A request with the cookie that a Set-Cookie header has set. */
function asking(setCookie = ''): IncomingMessage {
  const [cookie] = setCookie.split(';')
  return { headers: { cookie }, rawHeaders: [] } as unknown as IncomingMessage
}

t.test('who signs in is known from then on, as what they are now', async (t) => {
  const world = new World()
  const request = await world.begin('ann')
  t.match(await world.signIns.visitor(request), { user: 'ann', role: 'administrator' })
  world.standings.set('ann', { admitted: true, role: 'user' })
  t.match(await world.signIns.visitor(request), { role: 'user' })
  t.equal(await world.signIns.visitor(asking()), undefined)
})

t.test('who may not be here is not signed in, and a cookie is of no use any more', async (t) => {
  const world = new World()
  await t.rejects(world.begin('eve'), { code: 'ACCOUNT_REFUSED', message: 'Nobody.' })
  const request = await world.begin('bob')
  world.standings.delete('bob')
  t.equal(await world.signIns.visitor(request), undefined)
})

t.test('a sign-in ends by idleness, unless it is used, and by age in any case', async (t) => {
  const world = new World()
  const { signIns } = world
  let request = await world.begin('ann')
  world.ahead = 119 * MINUTE
  const visitor = await signIns.visitor(request)
  if (visitor === undefined) throw new Error('not signed in')
  t.equal(await signIns.renewal(visitor.signIn, false), undefined, 'reading is no use')
  world.ahead = 121 * MINUTE
  t.equal(await signIns.visitor(request), undefined)
  world.ahead = 119 * MINUTE
  signIns.used(visitor.signIn)
  world.ahead = 3 * HOUR
  t.ok(await signIns.visitor(request), 'used here by a tunnel, whose cookie cannot be renewed')
  const renewed = await signIns.renewal(visitor.signIn, false)
  t.match(renewed, /Max-Age=79\d\d\d;/, 'for the 22 hours that are left')
  request = asking(renewed)
  t.match(await signIns.visitor(request), { user: 'ann', signIn: { id: visitor.signIn.id } })
  for (let hours = 3; hours < 24; hours++) {
    world.ahead = hours * HOUR
    const known = await signIns.visitor(request)
    if (known === undefined) throw new Error(`not signed in after ${hours} h`)
    signIns.used(known.signIn)
    request = asking((await signIns.renewal(known.signIn, false)) ?? request.headers.cookie)
  }
  world.ahead = 24 * HOUR + MINUTE
  t.equal(await signIns.visitor(request), undefined)
})

t.test(
  'a renewed cookie lasts from the last use, and not from the request that brings it',
  async (t) => {
    const world = new World()
    const { signIns } = world
    const visitor = await signIns.visitor(await world.begin('ann'))
    if (visitor === undefined) throw new Error('not signed in')
    world.ahead = HOUR
    signIns.used(visitor.signIn)
    world.ahead = 2 * HOUR
    const request = asking(await signIns.renewal(visitor.signIn, false))
    world.ahead = 3 * HOUR + MINUTE
    t.equal(await signIns.visitor(request), undefined)
  },
)

t.test('what goes on ends with its sign-in, and with that alone', async (t) => {
  const world = new World()
  const { signIns } = world
  const ended: string[] = []
  const open = async (name: string, user: string) => {
    const visitor = await signIns.visitor(await world.begin(user))
    if (visitor === undefined) throw new Error('not signed in')
    const leave = signIns.follow(visitor, () => void ended.push(name))
    return { ...visitor, leave }
  }
  const first = await open('first', 'ann')
  await open('second', 'ann')
  await open('of bob', 'bob')
  const closed = await open('closed', 'ann')
  closed.leave()
  await signIns.signOut(first.signIn)
  t.strictSame(ended, ['first'])
  await signIns.signOutEverywhere('ann')
  t.strictSame(ended, ['first', 'second'])
  await open('third', 'ann')
  await signIns.endOver(new AbortController().signal)
  t.strictSame(ended, ['first', 'second'], 'of a later sign-in nothing')
  world.standings.set('ann', { admitted: true, role: 'user' })
  await signIns.endOver(new AbortController().signal)
  t.strictSame(ended.slice(2), ['third'], 'of an administrator that is none any more')
  world.standings.delete('bob')
  await signIns.endOver(new AbortController().signal)
  t.strictSame(ended.slice(3), ['of bob'], 'of somebody who is gone')
  await open('idle', 'ann')
  const busy = await open('busy', 'ann')
  world.ahead = HOUR
  signIns.used(busy.signIn)
  world.ahead = 2 * HOUR + MINUTE
  await signIns.endOver(new AbortController().signal)
  t.strictSame(ended.slice(4), ['idle'])
})

t.test(
  "a cookie is refused when the proxy in front says that somebody else's browser asks",
  async (t) => {
    const world = new World()
    const request = await world.begin('ann')
    const cases: [ProxiedUser, boolean][] = [
      [{ kind: 'none' }, true],
      [{ kind: 'user', user: 'ann' }, true],
      [{ kind: 'user', user: 'bob' }, false],
      [{ kind: 'contradiction' }, false],
    ]
    for (const [proxied, holds] of cases) {
      world.proxied = proxied
      t.equal((await world.signIns.visitor(request)) !== undefined, holds, JSON.stringify(proxied))
    }
  },
)

t.test('the door lets only the owner through, and tells others nothing', async (t) => {
  const world = new World()
  const mine = session({ id: 'mine', user: 'ann' })
  const door = new SessionDoor({
    signIns: world.signIns,
    isSecure: () => false,
    sessionOf: (id) => (id === 'mine' ? mine : undefined),
  })
  const { cookie } = (await world.begin('ann')).headers
  const { cookie: of } = (await world.begin('bob')).headers
  const headers = { host: 'h', origin: 'http://h', cookie }
  const ask = (changes: object, id = 'mine') =>
    door.admit({ method: 'GET', headers: { ...headers, ...changes } } as never, id, 'upgrade')

  const admitted = await ask({})
  t.equal(admitted.session, mine)
  let ended = 0
  admitted.follow(() => (ended += 1))
  await world.signIns.signOutEverywhere('ann')
  t.equal(ended, 1)
  const notFound = new AtelierError('SESSION_NOT_FOUND')
  const notSignedIn = new AtelierError('NOT_SIGNED_IN')
  await t.rejects(ask({ cookie: of }), notFound, 'somebody else')
  await t.rejects(ask({ cookie: of }, 'none'), notFound, 'a session that is not there')
  await t.rejects(ask({ origin: 'http://evil' }), notFound, 'the owner through a foreign page')
  await t.rejects(ask({ cookie: undefined }), notSignedIn, 'nobody')
  await t.rejects(ask({ cookie: undefined }, 'none'), notSignedIn, 'nobody, as of any other')
  await t.rejects(ask({}), notSignedIn, 'who has signed out')
})
