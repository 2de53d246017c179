import t from 'tap'
import { startTestCluster } from '../fixtures/cluster.ts'
import { startKernel } from '../fixtures/kernel.ts'
import { until } from '../fixtures/until.ts'

t.test('a session of one node is used through any other', async (t) => {
  const cluster = await startTestCluster(t)
  const [one, two] = cluster.nodes as [any, any]
  const user = await cluster.signIn(one)
  const session = await user.start('jupyterlab')
  console.log(session)
  const elsewhere = { ...user }
  const u2 = Object.create(user, { address: { value: two.address } })
  const r = await u2.fetch(`${session.url}api/status`)
  t.equal(r.status, 200)
  const kernel = await startKernel(u2, session.url)
  t.equal(await kernel.run('print(6*7)'), '42\n')
  console.log(await u2.session(session.id))
  console.log((await u2.ask('GET', '/api/v1/nodes')).body)
  console.log((await u2.ask('GET', `/api/v1/sessions/${session.id}/ports`)).body)
})
