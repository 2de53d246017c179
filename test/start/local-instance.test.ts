import t from 'tap'
import { configSchema } from '../../src/config/schema.ts'
import { writeInstance } from '../../src/start/instance-file.ts'
import { localInstance } from '../../src/start/local-instance.ts'

const url = 'postgres://a@db/atelier'

t.test('without word of atelier start it is the node of the configuration', (t) => {
  const directory = t.testdir()
  const config = (more: object) => configSchema.parse({ data: { directory }, ...more })
  const node = { database: { url }, launcher: { user: 'alice' } }
  const port = 8787
  const single = { mode: 'single-node', public_url: 'https://a.example' }
  const cases: [config: object, named: string | undefined, address: string, user: string][] = [
    [node, undefined, 'http://127.0.0.1:8787', 'alice'],
    [node, 'bob', 'http://127.0.0.1:8787', 'bob'],
    [{ database: { url } }, 'bob', 'http://127.0.0.1:8787', 'bob'],
    [{ ...node, server: { host: '::', port } }, undefined, 'http://[::1]:8787', 'alice'],
    [{ ...node, server: { host: '::1', port: 80 } }, undefined, 'http://[::1]:80', 'alice'],
    [{ ...node, routing: single }, undefined, 'https://a.example', 'alice'],
    [
      { ...node, routing: { ...single, direct: true } },
      undefined,
      'http://127.0.0.1:8787',
      'alice',
    ],
  ]
  for (const [more, named, address, user] of cases) {
    t.strictSame(
      localInstance(config(more), { named }),
      { kind: 'configured', address, databaseUrl: url, user },
      JSON.stringify(more),
    )
  }
  const impossible: [config: object, says: RegExp][] = [
    [{}, /No Atelier has run on/],
    [{ launcher: { user: 'alice' } }, /No Atelier has run on/],
    [{ database: { url } }, /Say for whom this is: --user NAME/],
    [{ ...node, server: { port: 0 } }, /server\.port is 0/],
  ]
  for (const [more, message] of impossible) {
    t.throws(() => localInstance(config(more)), { message }, JSON.stringify(more))
  }
  t.end()
})

t.test('what atelier start has left word of comes first', (t) => {
  const data = { directory: t.testdir() }
  const started = { address: 'http://127.0.0.1:4711', databaseUrl: 'postgres://b', user: 'carol' }
  const plain = configSchema.parse({ data })
  writeInstance(plain, started)
  t.strictSame(localInstance(plain), { kind: 'started', ...started })
  t.equal(localInstance(plain, { named: 'bob' }).user, 'bob')
  t.equal(localInstance(plain, { otherwise: 'bob' }).user, started.user)
  const told = configSchema.parse({ data, database: { url }, launcher: { user: 'alice' } })
  t.match(localInstance(told), { address: started.address, databaseUrl: url, user: 'alice' })
  t.end()
})
