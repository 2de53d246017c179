import t from 'tap'
import { startTestCluster } from '../fixtures/cluster.ts'
import { startKernel } from '../fixtures/kernel.ts'

t.test('a session of one node is used through any other', async (t) => {
  const cluster = await startTestCluster(t)
  const [one, ...others] = cluster.nodes
  if (one === undefined) throw new Error('there is no node')
  const user = await cluster.signIn(one)
  const session = await user.start('jupyterlab')
  t.match(session, { node: /^node-[123]$/, reachable: true })
  for (const node of [one, ...others]) {
    const there = user.at(node.address)
    t.equal((await there.fetch(`${session.url}api/status`)).status, 200, node.name)
    const kernel = await startKernel(there, session.url)
    t.equal(await kernel.run('print(6 * 7)'), '42\n', `a WebSocket through ${node.name}`)
    t.equal((await there.ask('GET', `/api/v1/sessions/${session.id}/ports`)).status, 200)
  }
})

t.test('what one node has answered another one knows, however soon it is asked', async (t) => {
  const cluster = await startTestCluster(t, { nodes: 2 })
  const [one, two] = cluster.nodes
  if (one === undefined || two === undefined) throw new Error('there are no two nodes')
  const user = await cluster.signIn(one)
  const there = user.at(two.address)
  for (let at = 0; at < 20; at++) {
    const { body } = await user.ask<{ id: string }>('POST', '/api/v1/sessions', {
      ide: 'jupyterlab',
    })
    t.equal((await there.ask('GET', `/api/v1/sessions/${body.id}`)).status, 200)
    await user.ask('DELETE', `/api/v1/sessions/${body.id}?force=true`)
  }
})
