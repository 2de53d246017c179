import fc from 'fast-check'
import t from 'tap'
import { type Listener, parseListeners, portsOf } from '../../../src/plugins/local/listeners.ts'
import { parseSocketLink } from '../../../src/plugins/local/proc.ts'

const LOOPBACK = '0100007F'
const ANY = '00000000'
const LOOPBACK_6 = '00000000000000000000000001000000'
const ANY_6 = '00000000000000000000000000000000'
const MAPPED = '0000000000000000FFFF00000100007F'
const ELSEWHERE = '0500A8C0'

const listener = (address: string, port: number, inode: string, uid = 1000): Listener => ({
  address,
  port,
  uid,
  inode,
})
const line = ({ address, port, uid, inode }: Listener, state = '0A') =>
  `   3: ${address}:${port.toString(16).toUpperCase().padStart(4, '0')} ${ANY}:0000 ${state} 00000000:00000000 00:00000000 00000000 ${String(uid).padStart(5)}        0 ${inode} 1 0000000000000000 100 0 0 10 0\n`

t.test('sockets that accept connections are read from the tables of the kernel', async (t) => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1001        0 12345 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F90 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000  1001        0 12346 1 0000000000000000 20 4 30 10 -1
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 777 1 0000000000000000 100 0 0 10 0
`
  t.same(parseListeners(table), [
    { address: LOOPBACK, port: 8080, uid: 1001, inode: '12345' },
    { address: LOOPBACK_6, port: 80, uid: 0, inode: '777' },
  ])
})

const anyListener = fc.record({
  address: fc.constantFrom(LOOPBACK, ANY, LOOPBACK_6, ANY_6, MAPPED, ELSEWHERE),
  port: fc.integer({ min: 1, max: 3 }),
  uid: fc.constantFrom(1000, 1001),
  inode: fc.integer({ min: 1, max: 20 }).map(String),
})

t.test('whatever is written as the kernel does is read as it was', async () => {
  const big = anyListener.chain((each) =>
    fc.record({ port: fc.integer({ min: 1, max: 65_535 }) }).map(({ port }) => ({ ...each, port })),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(big, fc.boolean())), (entries) => {
      const table = entries.map(([each, listens]) => line(each, listens ? '0A' : '01')).join('')
      const listening = entries.filter(([, listens]) => listens).map(([each]) => each)
      return JSON.stringify(parseListeners(table)) === JSON.stringify(listening)
    }),
  )
})

t.test('what is no such table tells of no socket, and links to none of no inode', async () => {
  fc.assert(
    fc.property(fc.string(), (text) => parseListeners(text).every(({ inode }) => inode !== '')),
  )
  fc.assert(fc.property(fc.nat(), (inode) => parseSocketLink(`socket:[${inode}]`) === `${inode}`))
  fc.assert(fc.property(fc.string(), (text) => parseSocketLink(text) === undefined))
})

t.test('a port is the job’s where the job answers, and nobody else', async (t) => {
  const own = new Map([
    ['1', 'python3'],
    ['2', 'R'],
  ])
  const cases: [what: string, listeners: Listener[], served: string[]][] = [
    ['loopback', [listener(LOOPBACK, 80, '1')], ['127.0.0.1']],
    ['IPv6 only', [listener(LOOPBACK_6, 80, '1')], ['::1']],
    ['any address', [listener(ANY, 80, '1')], ['127.0.0.1']],
    ['any address of IPv6, perhaps no other', [listener(ANY_6, 80, '1')], ['::1']],
    ['any of each', [listener(ANY_6, 80, '1'), listener(ANY, 80, '2')], ['127.0.0.1', '::1']],
    ['a stranger at any of IPv4', [listener(ANY_6, 80, '1'), listener(ANY, 80, '9')], ['::1']],
    ['an IPv4 address in IPv6', [listener(MAPPED, 80, '1')], ['127.0.0.1']],
    ['another address of the host', [listener(ELSEWHERE, 80, '1')], []],
    ['no process of the job', [listener(LOOPBACK, 80, '9')], []],
    ['a socket of another account', [listener(LOOPBACK, 80, '1', 0)], []],
    ['a stranger at IPv4', [listener(LOOPBACK, 80, '9'), listener(LOOPBACK_6, 80, '1')], ['::1']],
    ['a stranger more specific', [listener(ANY, 80, '1'), listener(LOOPBACK, 80, '9')], []],
    [
      'a stranger less specific',
      [listener(ANY, 80, '9'), listener(LOOPBACK, 80, '1')],
      ['127.0.0.1'],
    ],
    ['a stranger at the same port', [listener(LOOPBACK, 80, '1'), listener(LOOPBACK, 80, '9')], []],
  ]
  for (const [what, listeners, served] of cases) {
    const addresses = portsOf(listeners, 1000, own).map(({ address }) => address as string)
    t.same(addresses, served, what)
  }
  const shared = [listener(LOOPBACK, 80, '2'), listener(LOOPBACK, 80, '1')]
  t.same(portsOf([...shared, listener(ANY, 8, '1')], 1000, own), [
    { port: 8, address: '127.0.0.1', process: 'python3', listener: '1' },
    { port: 80, address: '127.0.0.1', process: 'R', listener: '1,2' },
  ])
})

t.test('a port of which the job holds no socket is never its own', async () => {
  fc.assert(
    fc.property(
      fc.array(anyListener),
      fc.uniqueArray(fc.integer({ min: 1, max: 20 })),
      (all, own) => {
        const holders = new Map(own.map((inode) => [String(inode), 'app']))
        return portsOf(all, 1000, holders).every(({ port, listener: name }) =>
          name
            .split(',')
            .every((inode) =>
              all.some(
                (each) =>
                  each.port === port &&
                  each.inode === inode &&
                  each.uid === 1000 &&
                  holders.has(inode),
              ),
            ),
        )
      },
    ),
  )
})
