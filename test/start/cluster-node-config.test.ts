import t from 'tap'
import { configSchema } from '../../src/config/schema.ts'
import { dataPaths } from '../../src/config.ts'
import { clusterNodeConfig } from '../../src/start/cluster-node-config.ts'
import { freePorts } from '../../src/start/free-ports.ts'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'

t.test('nodes share key and IDEs, and nothing else below the data directory', (t) => {
  const cluster = configSchema.parse({
    data: { directory: '/data' },
    server: { host: '0.0.0.0', port: 80 },
    cluster: { lease_seconds: 7 },
    log: { level: 'debug' },
  })
  const one = clusterNodeConfig(cluster, { name: 'node-1', port: 8788 })
  const two = clusterNodeConfig(cluster, { name: 'node-2', port: 8789 })
  t.match(one, {
    server: { host: '127.0.0.1', port: 8788 },
    node: { name: 'node-1', url: 'http://127.0.0.1:8788' },
    cluster: { enabled: true, lease_seconds: 7 },
    gossip: { host: '127.0.0.1', port: 0 },
    log: { level: 'debug' },
  })
  t.strictSame(configSchema.parse(one), one, 'it is a right configuration')
  const [shared, own] = [dataPaths(one), dataPaths(two)]
  for (const [name, path] of Object.entries(shared)) {
    const other = Object.entries(own).find(([key]) => key === name)?.[1]
    t.equal(path === other, ['clusterKey', 'ides'].includes(name), `${name}: ${path}`)
  }
  t.equal(shared.clusterKey, '/data/cluster.key')
  t.equal(shared.ides, '/data/ides')
  t.end()
})

t.test('ports are the preferred ones where nobody listens, and all different', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.teardown(() => taken.close())
  const { port } = taken.address() as AddressInfo
  for (const preferred of [port - 1, port, 65_535, 0]) {
    const ports = await freePorts('127.0.0.1', 4, preferred)
    t.equal(new Set(ports).size, 4)
    t.notOk(ports.includes(port) || ports.includes(0), ports.join(' '))
  }
  t.end()
})
