import fc from 'fast-check'
import t from 'tap'
import { isPublicAddress } from '../../src/webhooks/public-address.ts'
import { isListed, webhookProblem } from '../../src/webhooks/webhook-url.ts'

const PUBLIC = ['8.8.8.8', '1.1.1.1', '193.99.144.80', '2606:4700:4700::1111', '2a00:1450:4001::1']
const NOT_PUBLIC: Readonly<Record<string, string>> = {
  '127.0.0.1': 'loopback',
  '127.255.255.254': 'loopback',
  '10.1.2.3': 'private',
  '172.16.0.1': 'private',
  '172.31.255.255': 'private',
  '192.168.1.1': 'private',
  '169.254.169.254': 'metadata of AWS, Google, Azure and others',
  '168.63.129.16': "Azure's agent",
  '100.100.100.200': 'metadata of Alibaba',
  '100.64.0.1': 'of a carrier',
  '192.0.0.192': 'metadata of Oracle',
  '0.0.0.0': 'this host',
  '0.1.2.3': 'this network',
  '198.18.0.1': 'benchmarks',
  '192.0.2.1': 'documentation',
  '192.88.99.1': '6to4 relays',
  '224.0.0.1': 'multicast',
  '239.255.255.255': 'multicast',
  '240.0.0.1': 'reserved',
  '255.255.255.255': 'broadcast',
  '::1': 'loopback',
  '::': 'unspecified',
  'fe80::1': 'link-local',
  'fe80::1%eth0': 'link-local with a zone',
  'fc00::1': 'unique local',
  'fd00:ec2::254': 'metadata of AWS',
  'fec0::1': 'site-local',
  'ff02::1': 'multicast',
  '::ffff:127.0.0.1': 'loopback within IPv6',
  '::ffff:8.8.8.8': 'IPv4 within IPv6, which nobody needs',
  '::ffff:7f00:1': 'the same in other letters',
  '::127.0.0.1': 'IPv4-compatible',
  '64:ff9b::7f00:1': 'NAT64 of loopback',
  '64:ff9b:1::1': 'NAT64 of a network of its own',
  '2002:7f00:1::': '6to4 of loopback',
  '2001:0:1::1': 'Teredo',
  '2001:db8::1': 'documentation',
  '100::1': 'discarded',
  '4000::1': 'not given out',
  '0177.0.0.1': 'an old form of loopback',
  '0x7f.1': 'another',
  '2130706433': 'a third',
  localhost: 'no address',
  '': 'nothing',
}

t.test('only addresses of the public Internet are public', async (t) => {
  for (const address of PUBLIC) t.ok(isPublicAddress(address), address)
  for (const [address, what] of Object.entries(NOT_PUBLIC))
    t.notOk(isPublicAddress(address), `${address}: ${what}`)
})

t.test('no form of a private IPv4 address is public', async (t) => {
  const anyByte = fc.integer({ min: 0, max: 255 })
  fc.assert(
    fc.property(anyByte, anyByte, anyByte, fc.constantFrom('10.', '127.'), (a, b, c, net) => {
      const plain = `${net}${a}.${b}.${c}`
      return ['', '::ffff:', '::', '64:ff9b::'].every((form) => !isPublicAddress(form + plain))
    }),
  )
  t.pass()
})

const problem = (url: string, ...hosts: string[]) => webhookProblem(url, hosts)

t.test('a webhook is an https URL of a public host', async (t) => {
  for (const good of [
    'https://hooks.example.org/services/x?y=z',
    'https://hooks.example.org:8443',
    'https://8.8.8.8/',
    'https://[2606:4700:4700::1111]/x',
  ])
    t.equal(problem(good), undefined, good)
  for (const bad of ['', 'hooks.example.org', 'ftp://example.org', 'file:///etc/passwd', 'data:,x'])
    t.match(problem(bad), /^must b/, bad)
  for (const secret of [
    'https://u:p@example.org/',
    'https://u@example.org/',
    'https://:p@example.org',
  ])
    t.match(problem(secret, 'example.org'), /user name or password/, secret)
  t.match(problem('https://example.org/#x'), /fragment/)
  t.match(problem('http://example.org/'), /https/)
  t.match(problem(`https://example.org/${'x'.repeat(2000)}`), /longer/)
})

t.test('a host that cannot be public is refused before anything is looked up', async (t) => {
  for (const host of [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[fd00:ec2::254]',
    '169.254.169.254',
    '10.0.0.1:8443',
    'localhost',
    'LOCALHOST',
    'localhost.',
    'foo.localhost',
    'intranet',
    '①②⑦.⓪.⓪.①',
  ])
    t.match(problem(`https://${host}/x`), /not public/, host)
})

t.test('a listed host may be anything, but only at its port if that is named', async (t) => {
  t.equal(problem('http://127.0.0.1:9000/x', '127.0.0.1'), undefined)
  t.equal(problem('http://127.0.0.1:9000/x', '127.0.0.1:9000'), undefined)
  t.equal(problem('https://Intranet/x', 'INTRANET'), undefined)
  t.equal(problem('https://intranet/x', 'intranet:443'), undefined)
  t.equal(problem('http://[::1]:80/x', '::1'), undefined)
  t.equal(problem('http://[::1]:80/x', '[::1]:80'), undefined)
  t.match(problem('http://127.0.0.1:9001/x', '127.0.0.1:9000'), /https/)
  t.match(problem('https://127.0.0.2/x', '127.0.0.1'), /not public/)
  t.match(problem('https://evil-intranet/x', 'intranet'), /not public/)
  t.notOk(isListed(new URL('https://sub.example.org'), ['example.org']))
})
