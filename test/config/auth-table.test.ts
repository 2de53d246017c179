import t from 'tap'
import { addressesIn } from '../../src/config/auth-table.ts'
import { loadConfig } from '../../src/config/load.ts'
import { ConfigError } from '../../src/config.ts'

const problemsOf = (...settings: string[]): readonly string[] => {
  try {
    loadConfig({ settings, dataDirectory: '/data' })
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

const FROM = 'auth.proxied_from=["10.0.0.5"]'
const SECRET = 'auth.proxied_secret=shown-by-the-proxy'

t.test('without keys one signs in by a link, for days', (t) => {
  t.match(loadConfig({ dataDirectory: '/data' }).auth, {
    method: 'link',
    required_group: undefined,
    admin_group: undefined,
    idle_seconds: 259_200,
    lifetime_seconds: 2_592_000,
    proxied_header: 'x-atelier-user',
    proxied_from: [],
  })
  t.end()
})

t.test('what contradicts itself is refused, with what would be right', (t) => {
  const cases: [settings: string[], problems: RegExp[]][] = [
    [['auth.method=pam'], []],
    [['auth.method=link', 'launcher.user=ada'], []],
    [['auth.method=proxied', FROM, SECRET], []],
    [['auth.method=proxied', FROM], [/auth\.proxied_secret: is missing; the method proxied needs/]],
    [
      ['auth.method=pam', 'launcher.user=ada'],
      [/launcher\.user: cannot be set with auth\.method = "pam".*or set auth\.method = "link"/],
    ],
    [
      ['auth.method=proxied', FROM, SECRET, 'launcher.user=ada'],
      [/launcher\.user: cannot be set with auth\.method = "proxied"/],
    ],
    [['auth.method=proxied', SECRET], [/auth\.proxied_from: is missing; the method proxied needs/]],
    [
      ['auth.method=pam', 'launcher.user=ada', 'server.port=x'],
      [/server\.port: is "x"/, /launcher\.user: cannot be set/],
    ],
    [
      ['auth.method=proxied', SECRET, 'auth.idle_seconds=0'],
      [/idle_seconds: is 0; it must be a number of seconds above 0/, /proxied_from: is missing/],
    ],
    [['auth.method=ldap'], [/method: is "ldap"; it must be one of "link", "pam", "proxied"/]],
    [['auth.proxied_header=a b'], [/proxied_header: is "a b"; it must be the name of a header/]],
    [['auth.sign_in_url=javascript:alert(1)'], [/sign_in_url: .*it must be a URL of http/]],
    [['auth.sign_out_url=//evil.example'], [/sign_out_url: .*it must be a URL of http/]],
    [['auth.sign_out_url=/oauth2/sign_out'], []],
  ]
  for (const network of ['10.0.0.0/33', '::/129', 'host', '10.0.0', '1.2.3.4/', '1.2.3.4/8/8']) {
    cases.push([
      [`auth.proxied_from=["${network}"]`],
      [/proxied_from\.0: must be an IP address or a network/],
    ])
  }
  for (const [settings, problems] of cases) {
    const found = [...problemsOf(...settings)].sort((a, b) => b.localeCompare(a))
    t.equal(found.length, problems.length, `${settings.join(' ')}: ${found.join('; ')}`)
    for (const problem of problems)
      t.ok(
        found.some((each) => problem.test(each)),
        String(problem),
      )
  }
  t.end()
})

t.test('an address is found among addresses and networks, of IPv4 also as IPv6 writes it', (t) => {
  const isIn = addressesIn(['10.0.0.5', '10.1.0.0/16', '2001:db8::/32', '::1'])
  const cases: [address: string, isIn: boolean][] = [
    ['10.0.0.5', true],
    ['10.0.0.6', false],
    ['10.1.255.1', true],
    ['10.2.0.1', false],
    ['::ffff:10.1.2.3', true],
    ['2001:db8:9::1', true],
    ['2001:db9::1', false],
    ['::1', true],
    ['127.0.0.1', false],
    ['', false],
    ['unix', false],
  ]
  for (const [address, expected] of cases) t.equal(isIn(address), expected, address)
  t.equal(addressesIn([])('127.0.0.1'), false)
  t.end()
})
