import t from 'tap'
import { type OwnAddresses, ownUrl, withPort } from '../../src/nodes/own-url.ts'

const known: OwnAddresses = {
  configured: undefined,
  host: '0.0.0.0',
  port: 8787,
  scheme: 'http',
  hostname: 'node-1',
  interfaces: ['10.0.0.1', 'fd00::1'],
  resolved: [['10.0.0.1']],
  toDatabase: '10.0.0.1',
}

const cases: [says: string, changes: Partial<OwnAddresses>, expected: string | RegExp][] = [
  ['what is configured', { configured: 'https://n1.example.com' }, 'https://n1.example.com'],
  ['configured, even on loopback', { configured: 'http://a:1', host: '127.0.0.1' }, 'http://a:1'],
  ['the one address it listens at', { host: '10.0.0.1' }, 'http://10.0.0.1:8787'],
  ['the same of IPv6', { host: 'fd00::1' }, 'http://[fd00::1]:8787'],
  ['by TLS where nodes speak it', { scheme: 'https', port: 8788 }, 'https://node-1:8788'],
  ['its name, if all find it', { resolved: [['10.0.0.1'], ['fd00::1']] }, 'http://node-1:8787'],
  ['not a name a peer does not know', { resolved: [['10.0.0.1'], []] }, 'http://10.0.0.1:8787'],
  ['not the name of another', { resolved: [['10.0.0.1'], ['10.0.0.9']] }, 'http://10.0.0.1:8787'],
  ["not Debian's 127.0.1.1", { resolved: [['127.0.1.1']] }, 'http://10.0.0.1:8787'],
  [
    'not a name that leads to others too',
    { resolved: [['10.0.0.1', '10.0.0.2']] },
    'http://10.0.0.1:8787',
  ],
  ['nothing on loopback', { host: '127.0.0.1' }, /server\.host is 127\.0\.0\.1/],
  ['nothing on localhost', { host: 'localhost' }, /Set server\.host to "0\.0\.0\.0"/],
  ['nothing behind a translation', { resolved: [[]], toDatabase: '192.0.2.7' }, /Set node\.url/],
  ['nothing with a local database', { resolved: [[]], toDatabase: undefined }, /Set node\.url/],
]

for (const [says, changes, expected] of cases) {
  t.test(`a node is reached at: ${says}`, (t) => {
    const decide = () => ownUrl({ ...known, ...changes }).url
    if (typeof expected === 'string') t.equal(decide(), expected)
    else t.throws(decide, { message: expected })
    t.end()
  })
}

t.test('a port that was learnt late takes the place of 0 only', async (t) => {
  t.equal(withPort('http://node-1:0', 4711), 'http://node-1:4711')
  t.equal(withPort('https://node-1', 4711), 'https://node-1')
  t.equal(withPort('http://[fd00::1]:0', 1), 'http://[fd00::1]:1')
})
