import t from 'tap'
import { proxiedUser } from '../../src/auth/proxied.ts'

const header = {
  name: 'X-Atelier-User',
  isTrusted: (address: string) => address === '10.0.0.5',
  secret: 'a-secret-of-the-proxy',
}
const shown = ['X-Atelier-Proxy-Secret', header.secret]

t.test('the header counts once, and from the proxy alone', (t) => {
  const cases: [rawHeaders: string[], address: string, said: object][] = [
    [['x-atelier-user', 'ann'], '10.0.0.5', { kind: 'user', user: 'ann' }],
    [['X-ATELIER-USER', ' ann '], '10.0.0.5', { kind: 'user', user: 'ann' }],
    [['x-atelier-user', 'ann'], '10.0.0.6', { kind: 'none' }],
    [['x-atelier-user', 'ann', 'x-atelier-user', 'bob'], '10.0.0.6', { kind: 'none' }],
    [['x-atelier-users', 'ann'], '10.0.0.5', { kind: 'none' }],
    [['host', 'x-atelier-user'], '10.0.0.5', { kind: 'none' }],
    [[], '10.0.0.5', { kind: 'none' }],
    [['x-atelier-user', 'ann', 'X-Atelier-User', 'bob'], '10.0.0.5', { kind: 'contradiction' }],
    [['x-atelier-user', 'ann', 'x-atelier-user', 'ann'], '10.0.0.5', { kind: 'contradiction' }],
    [['x-atelier-user', 'ann, bob'], '10.0.0.5', { kind: 'contradiction' }],
    [['x-atelier-user', ''], '10.0.0.5', { kind: 'contradiction' }],
  ]
  for (const [rawHeaders, address, said] of cases) {
    const withSecret = { rawHeaders: [...shown, ...rawHeaders] }
    t.strictSame(proxiedUser(withSecret, address, header), said, rawHeaders.join(' '))
    const none = { kind: 'none' }
    t.strictSame(proxiedUser({ rawHeaders }, address, header), none, 'without the secret')
    const wrong = { rawHeaders: ['x-atelier-proxy-secret', 'x', ...rawHeaders] }
    t.strictSame(proxiedUser(wrong, address, header), none, 'with another secret')
    const twice = { rawHeaders: [...shown, ...shown, ...rawHeaders] }
    t.strictSame(proxiedUser(twice, address, header), none, 'with the secret twice')
  }
  t.end()
})
