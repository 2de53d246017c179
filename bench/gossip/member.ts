// A process of its own: one member, real sockets, and nothing else. `member.js NAME SEED TIMING`; see reports.ts for its lines.
import { createInterface } from 'node:readline'
import {
  gossipKey,
  type Member,
  SwimMembership,
  type Timing,
  UdpTransport,
} from '../../cluster/index.ts'
import type { Report } from './reports.ts'

const [, , name = '', seed = '', timing = '{}'] = process.argv
const member = new SwimMembership({
  name,
  bootId: `${name}-${process.pid}`,
  url: `http://${name}.example:8787`,
  meta: { version: '0.1.0', sessions: 0, load: 0, draining: false },
  transport: new UdpTransport({ ip: '127.0.0.1', port: 0 }),
  keys: [gossipKey('the secret of the gossip benchmark')],
  label: 'bench',
  seeds: () => (seed === '' ? [] : [seed]),
  timing: JSON.parse(timing) as Partial<Timing>,
})

for (const event of ['join', 'update', 'restart'] as const) {
  member.on(event, (other: Member) => saw(other, other.state === 'suspect' ? 'suspect' : 'alive'))
}
for (const event of ['leave', 'fail'] as const) {
  member.on(event, (other: Member) => saw(other, 'gone'))
}

const at = Date.now()
await member.join()
report({ type: 'joined', address: member.local.address, at })

// Whoever gives the orders has ended: so does this.
createInterface({ input: process.stdin })
  .on('line', (order) => obey(order))
  .on('close', () => process.exit())

function obey(order: string): void {
  const now = Date.now()
  const [what, version = ''] = order.split(' ')
  if (what === 'counts') {
    report({ type: 'counts', sentBytes: member.counts().sentBytes, at: now })
  } else if (what === 'meta') {
    member.updateMeta({ version })
    report({ type: 'meta', at: now })
  } else if (what === 'leave') {
    void member.leave()
    report({ type: 'leave', at: now })
  }
}

function saw(other: Member, state: 'alive' | 'suspect' | 'gone'): void {
  report({ type: 'saw', name: other.name, state, version: other.meta.version, at: Date.now() })
}

function report(what: Report): void {
  process.stdout.write(`${JSON.stringify(what)}\n`)
}
