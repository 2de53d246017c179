import t from 'tap'
import { browserAddress, type Routing } from '../../src/peers/browser-address.ts'

const PUBLIC = 'https://workbench.example.com'
const single: Routing = {
  mode: 'single-node',
  publicUrl: PUBLIC,
  isPublicNode: false,
  ownUrl: 'http://node-2:8787',
}
const balanced: Routing = { ...single, mode: 'load-balancer', direct: false }
const SESSION = `Bearer atl_session.abc.1.${'x'.repeat(43)}`
const host = 'node-2:8787'

t.test('a browser is led to the address of the cluster, or is answered', async (t) => {
  const cases: [
    what: string,
    routing: Routing,
    url: string,
    headers: Record<string, string>,
    leads: boolean,
  ][] = [
    ['a node behind the public one', single, '/s/abc/?x=1', { host }, true],
    ['by whatever name it was found', single, '/', { host: '10.0.0.2:8787' }, true],
    ['the public one', { ...single, isPublicNode: true }, '/', { host }, false],
    ['one that may be used directly', { ...single, direct: true }, '/', { host }, false],
    ['one that knows no public one', { ...single, publicUrl: undefined }, '/', { host }, false],
    ['another node', single, '/s/abc/', { host, 'x-atelier-hop': 'anything' }, false],
    ['a session', single, '/api/v1/jobs', { host, authorization: SESSION }, false],
    ['no session', single, '/api/v1/jobs', { host, authorization: 'Bearer atl_x' }, true],
    ['a probe', single, '/health', { host }, false],
    ['a probe', single, '/ready?x', { host }, false],
    ['a probe', single, '/metrics', { host }, false],
    ['another node', single, '/peer/x', { host }, false],
    ['another node', single, '/cluster/x', { host }, false],
    ['no probe', single, '/healthy', { host }, true],
    ['no probe', single, '/metrics/x', { host }, true],
    ['no path', single, 'http://evil/', { host }, false],
    ['no path', single, '*', { host }, false],
    ['already there', single, '/', { host: 'workbench.example.com' }, false],
    ['already there', single, '/', { host: 'Workbench.example.com:443' }, false],
    ['nowhere', single, '/', {}, false],
    ['nowhere', single, '/', { host: 'no host' }, false],
    ['behind a balancer, directly', balanced, '/x', { host }, true],
    ['its name in capitals', balanced, '/x', { host: 'NODE-2:8787' }, true],
    ['by the balancer', balanced, '/x', { host, 'x-forwarded-for': '192.0.2.1' }, false],
    ['by the balancer', balanced, '/x', { host, 'x-forwarded-host': 'y' }, false],
    ['by the balancer', balanced, '/x', { host, forwarded: 'for=192.0.2.1' }, false],
    ['by another name', balanced, '/x', { host: 'workbench.example.com' }, false],
    ['by another name', balanced, '/x', { host: 'other:8787' }, false],
    ['behind a balancer', { ...balanced, direct: undefined }, '/x', { host }, false],
    ['behind a balancer', { ...balanced, publicUrl: undefined }, '/x', { host }, false],
    ['usual port', { ...balanced, ownUrl: 'http://node-2:80' }, '/x', { host: 'node-2' }, true],
    ['usual port', { ...balanced, ownUrl: 'https://node-2' }, '/x', { host: 'node-2:443' }, true],
  ]
  for (const [what, routing, url, headers, leads] of cases) {
    t.equal(browserAddress({ url, headers }, routing), leads ? PUBLIC + url : undefined, what)
  }
})

t.test('wherever it leads, it is a host of ours', async (t) => {
  for (const url of ['//evil/', '/\\evil', '/@evil', '/..//evil']) {
    const address = browserAddress({ url, headers: { host } }, single) ?? ''
    t.equal(new URL(address).origin, PUBLIC, url)
  }
})
