import t from 'tap'
import { formatAddress, parseAddress, splitHostPort } from '../../cluster/address.ts'

t.test('addresses are literal, and written one way only', async (t) => {
  for (const [text, expected] of [
    ['10.0.0.1:7946', { ip: '10.0.0.1', port: 7946 }],
    ['[::1]:1', { ip: '::1', port: 1 }],
    ['[fd00::1:2]:65535', { ip: 'fd00::1:2', port: 65_535 }],
    ['10.0.0.1', undefined],
    ['10.0.0.1:0', undefined],
    ['10.0.0.1:65536', undefined],
    ['10.0.0.1:07946', undefined],
    ['10.0.0.256:7946', undefined],
    ['[10.0.0.1]:7946', undefined],
    ['::1:7946', undefined],
    ['[0:0:0:0:0:0:0:1]:7946', undefined],
    ['[::ffff:10.0.0.1]:7946', undefined],
    ['[FD00::1]:7946', undefined],
    ['node.example:7946', undefined],
    ['__proto__', undefined],
    ['', undefined],
  ] as const) {
    t.same(parseAddress(text), expected, text)
  }
})

t.test('an address of IPv4 that arrived at a socket of IPv6 is written as IPv4', async (t) => {
  t.equal(formatAddress({ ip: '::ffff:10.0.0.1', port: 7946 }), '10.0.0.1:7946')
  t.equal(formatAddress({ ip: '0:0:0:0:0:0:0:1', port: 7946 }), '[::1]:7946')
  t.equal(formatAddress({ ip: 'fe80::1%eth0', port: 7946 }), '[fe80::1]:7946')
})

t.test('seeds may be names', async (t) => {
  t.same(splitHostPort('node-1.example:7946'), { host: 'node-1.example', port: 7946 })
  t.same(splitHostPort('[fd00::1]:7946'), { host: 'fd00::1', port: 7946 })
  for (const wrong of [
    'node-1',
    'node-1:',
    ':7946',
    'fd00::1:7946',
    'http://node:7946',
    'a:99999',
  ]) {
    t.equal(splitHostPort(wrong), undefined, wrong)
  }
})
