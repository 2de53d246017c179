import t from 'tap'
import { PostgresNodeStore } from '../../src/postgres/node-store.ts'
import { dataDirectory } from '../fixtures/atelier.ts'
import { database, migrated } from '../fixtures/database.ts'
import { run } from './fixtures/run.ts'

t.test('a reset forgets the cluster of the database, unless a node is online', async (t) => {
  const server = await database(t)
  const settings = ['--set', `database.url=${server.url}`]
  const reset = (...args: string[]) => run('cluster', 'reset', ...args, ...settings)
  t.match(await reset(), { code: 1, stdout: '', stderr: /say: atelier cluster reset --yes/ })
  t.match(await reset('--yes'), { code: 0, stdout: 'The database belongs to no cluster.\n' })

  const store = new PostgresNodeStore({ database: await migrated(t, server) })
  t.match(await reset('--yes'), { code: 0, stdout: 'The database belongs to no cluster.\n' })
  const own = { keyFingerprint: 'aaaa', protocol: 1 }
  const { id } = await store.cluster(own)
  const node = {
    name: 'node-1',
    installation: 'here',
    bootId: 'boot',
    url: 'http://127.0.0.1:1',
    gossipAddress: null,
    version: '1.0.0',
  }
  await store.register({ ...node, lease: 60_000 })
  t.match(await reset('--yes'), {
    code: 1,
    stderr: 'atelier: A node is online: node-1. Stop all nodes first.\n',
  })
  t.equal((await store.cluster(own)).id, id, 'it is the same as before')

  await store.release(node)
  t.match(await reset(), { code: 1, stderr: /--yes/ })
  t.equal((await store.cluster(own)).id, id, 'without a word of consent too')
  const { stdout } = await reset('--yes', '--json')
  t.strictSame(JSON.parse(stdout), { reset: true })
  t.not((await store.cluster(own)).id, id)
})

t.test('a reset of what was never there makes no database', async (t) => {
  const directory = await dataDirectory(t)
  const outcome = await run('cluster', 'reset', '--yes', '--set', `data.directory="${directory}"`)
  t.match(outcome, { code: 1, stderr: /No Atelier has run on/ })
})

t.test('how many nodes a cluster on this machine has is checked', async (t) => {
  for (const count of ['0', '10', 'x', '1.5', '']) {
    const outcome = await run('cluster', 'start', '--nodes', count)
    t.match(outcome, { code: 2, stderr: /Say how many: 1 to 9\./ }, count)
  }
})
