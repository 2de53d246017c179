import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import t, { type Test } from 'tap'
import {
  BindError,
  gossipKey,
  type Member,
  SwimMembership,
  type SwimMembershipParts,
  type Transport,
  UdpTransport,
} from '../../cluster/index.ts'
import { until } from '../fixtures/until.ts'
import { alive, failed, KEY, META, partsOf } from './cluster-of.ts'

/** UDP on this machine whose datagrams a test may lose, cut, record and repeat, and whose process may die. */
class TestedUdp implements Transport {
  readonly udp: UdpTransport
  readonly sent: Uint8Array[] = []
  passes: (to: string) => boolean = () => true

  constructor({ ip = '127.0.0.1', port = 0 }: { ip?: string; port?: number } = {}) {
    this.udp = new UdpTransport({ ip, port })
  }

  bind(...args: Parameters<Transport['bind']>): Promise<string> {
    return this.udp.bind(...args)
  }

  async send(datagram: Uint8Array, to: string): Promise<void> {
    this.sent.push(datagram)
    if (this.passes(to)) await this.udp.send(datagram, to)
  }

  close(): Promise<void> {
    return this.udp.close()
  }
}

interface Started {
  readonly member: SwimMembership
  readonly transport: TestedUdp
  readonly address: string
  readonly events: string[]
  /** Its process dies: it says and hears nothing any more. */
  kill(): Promise<void>
}

async function start(
  t: Test,
  name: string,
  {
    port = 0,
    ip = '127.0.0.1',
    ...changed
  }: Partial<SwimMembershipParts> & { port?: number; ip?: string } = {},
): Promise<Started> {
  const transport = new TestedUdp({ ip, port })
  const member = new SwimMembership(partsOf(name, { transport, ...changed }))
  const events: string[] = []
  for (const event of ['join', 'restart', 'leave', 'fail'] as const) {
    member.on(event, (other: Member) => events.push(`${event} ${other.name}`))
  }
  await member.join()
  t.teardown(() => member.leave())
  const kill = async () => {
    transport.passes = () => false
    await transport.udp.close()
  }
  return { member, transport, address: member.local.address, events, kill }
}

async function startAll(t: Test, count: number): Promise<readonly Started[]> {
  const first = await start(t, 'n0')
  const others = Array.from({ length: count - 1 }, (_, i) =>
    start(t, `n${i + 1}`, { seeds: () => [first.address] }),
  )
  const all = [first, ...(await Promise.all(others))]
  await until(() => all.every(({ member }) => alive(member).length === count))
  return all
}

t.test(
  'members find each other from one seed, and one that dies is failed for the others',
  async (t) => {
    const [a, b, c] = await startAll(t, 3)
    if (!a || !b || !c) return
    t.same(alive(a.member), ['n0', 'n1', 'n2'])
    t.equal(a.member.get('n2')?.url, 'http://n2.example:8787')
    await until(() => a.member.roundTrip('n1') !== undefined)
    await c.kill()
    await until(() => [a, b].every(({ member }) => member.get('n2')?.state === 'failed'))
    t.same([a.events.at(-1), b.events.at(-1)], ['fail n2', 'fail n2'])
    t.same(alive(a.member), ['n0', 'n1'])
  },
)

t.test('one that leaves is seen leaving, and is gone when it has left', async (t) => {
  const [a, b, c] = await startAll(t, 3)
  if (!a || !b || !c) return
  c.member.startLeaving()
  await until(() => [a, b].every(({ member }) => member.get('n2')?.state === 'leaving'))
  await c.member.leave()
  await until(() => [a, b].every(({ member }) => member.get('n2') === undefined))
  t.same([a.events.at(-1), b.events.at(-1)], ['leave n2', 'leave n2'])
  await c.member.leave()
  t.pass('leaving twice does nothing')
})

t.test('two halves of a cut network heal by themselves', async (t) => {
  const all = await startAll(t, 4)
  const islands = [all.slice(0, 2), all.slice(2)]
  for (const island of islands) {
    const addresses = island.map(({ address }) => address)
    for (const { transport } of island) transport.passes = (to) => addresses.includes(to)
  }
  await until(() => all.every(({ member }) => failed(member).length === 2))
  for (const { transport } of all) transport.passes = () => true
  await until(() => all.every(({ member }) => alive(member).length === 4))
  t.pass('healed')
})

t.test('a member with another key stays alone, and both sides count it', async (t) => {
  const [a] = await startAll(t, 2)
  if (!a) return
  const stranger = await start(t, 'stranger', {
    keys: [gossipKey('another secret')],
    seeds: () => [a.address],
  })
  await until(() => a.member.counts().rejected['unknown-key'] > 2)
  t.same(alive(stranger.member), ['stranger'])
  t.same(alive(a.member), ['n0', 'n1'])
  t.equal(a.member.counts().rejected['bad-seal'], 0)
})

t.test('members with the old and with the new key talk while the key is changed', async (t) => {
  const [old, recent] = [KEY, gossipKey('the new secret')]
  const a = await start(t, 'n0', { keys: [old, recent] })
  const b = await start(t, 'n1', { keys: [recent, old], seeds: () => [a.address] })
  const c = await start(t, 'n2', { keys: [recent, old], seeds: () => [b.address] })
  await until(() => [a, b, c].every(({ member }) => alive(member).length === 3))
  t.equal(a.member.counts().rejected['unknown-key'], 0)
})

t.test('a datagram that comes again is refused', async (t) => {
  const [a, b] = await startAll(t, 2)
  if (!a || !b) return
  await until(() => b.transport.sent.length > 3)
  const replayer = createSocket('udp4')
  t.teardown(() => replayer.close())
  const recorded = b.transport.sent.slice(0, 3)
  const { port } = new URL(`udp://${a.address}`)
  await until(() => {
    for (const datagram of recorded) replayer.send(datagram, Number(port), '127.0.0.1')
    return a.member.counts().rejected.replayed >= 10
  })
  t.same(alive(a.member), ['n0', 'n1'])
})

t.test('a member that restarts at once at its address is noticed by its boot id', async (t) => {
  const [a, b, c] = await startAll(t, 3)
  if (!a || !b || !c) return
  await c.kill()
  const again = await start(t, 'n2', {
    port: Number(new URL(`udp://${c.address}`).port),
    bootId: 'second',
    meta: { ...META, version: '0.2.0' },
    seeds: () => [a.address],
  })
  await until(() => [a, b].every(({ member }) => member.get('n2')?.bootId === 'second'))
  t.equal(again.member.local.meta.version, '0.2.0')
  t.match([a.events.at(-1), b.events.at(-1)], [/^(restart|join) n2$/, /^(restart|join) n2$/])
  t.equal(a.member.get('n2')?.meta.version, '0.2.0')
})

t.test('at 20 % loss nobody is taken for dead for good', async (t) => {
  const all = await startAll(t, 5)
  for (const { transport } of all) transport.passes = () => Math.random() >= 0.2
  const [a] = all
  if (!a) return
  const before = a.member.counts().received
  await until(() => a.member.counts().received > before + 300)
  await until(() => all.every(({ member }) => alive(member).length === 5))
  t.pass('all alive, though the loss goes on')
})

t.test('a port that is taken, and an address that is not ours, are clear errors', async (t) => {
  const socket = createSocket('udp4')
  t.teardown(() => socket.close())
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  await t.rejects(start(t, 'n0', { port }), {
    name: 'BindError',
    code: 'EADDRINUSE',
    message: `The gossip cannot use UDP 127.0.0.1:${port}: another program has taken it. Stop that program, or choose another port.`,
  })
  await t.rejects(start(t, 'n0', { ip: '192.0.2.1' }), {
    code: 'EADDRNOTAVAIL',
    message: /not an address of this server/,
  })
})

t.test('who listens at all addresses must say at which one others reach it', async (t) => {
  await t.rejects(start(t, 'n0', { ip: '0.0.0.0' }), BindError)
  const a = await start(t, 'n0', { ip: '0.0.0.0', advertise: { ip: '127.0.0.1' } })
  t.match(a.address, /^127\.0\.0\.1:\d+$/)
  const b = await start(t, 'n1', { seeds: () => [a.address] })
  await until(() => [a, b].every(({ member }) => alive(member).length === 2))
})

t.test('members gossip over IPv6', async (t) => {
  const a = await start(t, 'n0', { ip: '::1' })
  t.match(a.address, /^\[::1\]:\d+$/)
  const b = await start(t, 'n1', { ip: '::1', seeds: () => [a.address] })
  await until(() => [a, b].every(({ member }) => alive(member).length === 2))
})

t.test('a seed that no datagram can reach does no harm', async (t) => {
  const [a] = await startAll(t, 2)
  if (!a) return
  const b = await start(t, 'n2', {
    seeds: () => ['255.255.255.255:9', '[2001:db8::1]:9', a.address],
  })
  await until(() => alive(b.member).length === 3)
  await until(() => b.member.counts().unsent > 0)
})

t.test('a membership that left before it had joined holds no socket', async (t) => {
  const transport = new TestedUdp()
  const member = new SwimMembership(partsOf('n0', { transport }))
  const joining = member.join()
  await member.leave()
  await joining
  await t.rejects(transport.udp.send(Buffer.of(1), '127.0.0.1:9'), { message: /cannot send/ })
})
