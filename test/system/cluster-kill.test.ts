import t from 'tap'
import type { ApiUser, SessionAnswer } from '../fixtures/api.ts'
import { dataDirectory } from '../fixtures/atelier.ts'
import { startTestCluster, type TestNode } from '../fixtures/cluster.ts'
import { startOnEach, untilAllSeeAll, untilSeen } from '../fixtures/cluster-view.ts'
import { openKernel, startKernel } from '../fixtures/kernel.ts'
import { placePlainIde } from '../fixtures/plain-ide.ts'
import { steadyRequests } from '../fixtures/steady-requests.ts'
import { threeOf } from '../fixtures/three-of.ts'
import { until } from '../fixtures/until.ts'

interface ErrorAnswer {
  readonly error: { readonly code: string; readonly message: string }
}

t.test('a node is killed: other sessions go on, and its own wait for it', async (t) => {
  const cluster = await startTestCluster(t)
  const [one, two, three] = threeOf(cluster.nodes)
  const user = await cluster.signIn(one)
  const [first, second, third] = threeOf(await startOnEach(user, cluster))
  const kernel = await startKernel(user, third.url)
  await kernel.run('kept = 42')
  const streams = [one, two].flatMap((node) =>
    [first, second].map((session) => steadyRequests(() => problemOf(user, node, session))),
  )
  await until(() => streams.every((each) => each.made() > 3))

  const killedAt = performance.now()
  await three.kill()
  await untilSeen(user, [one, two], 'node-3', 'failed')
  t.comment(`seen by both after ${Math.round(performance.now() - killedAt)} ms`)
  for (const { made, failures } of await Promise.all(streams.map((stream) => stream.stop()))) {
    t.strictSame(failures, [], `none of ${made} requests failed`)
  }
  for (const node of [one, two]) {
    await until(() => node.log().some((line) => line.msg === 'a node does not answer'))
    const there = user.at(node.address)
    // Gossip has failed it; that it renews its lease no longer is seen a moment later.
    const seen = await until(async () => {
      const now = await there.session(third.id)
      return now.reachable ? undefined : now
    })
    t.match(seen, { state: 'Active', reachable: false, node: 'node-3' }, `told by ${node.name}`)
    const refused = await there.ask<ErrorAnswer>('GET', `${third.url}api/status`)
    t.match(refused, { status: 503, body: { error: { code: 'NODE_UNREACHABLE' } } })
    t.match(refused.body.error.message, 'node-3')
    t.match(refused.headers.get('retry-after'), /^\d+$/)
  }

  const meanwhile = steadyRequests(async () => {
    const { status, headers } = await user.fetch(`${third.url}api/status`)
    if (status === 200) return undefined
    return status === 503 && headers.has('retry-after') ? undefined : `answered ${status}`
  })
  await three.start()
  await untilAllSeeAll(user, cluster)
  t.match(await user.session(third.id), { state: 'Active', node: 'node-3', reachable: true })
  await until(async () => (await problemOf(user, two, third)) === undefined)
  t.strictSame((await meanwhile.stop()).failures, [], 'who asked meanwhile has waited, or was told')
  const same = openKernel(user, third.url, kernel.id)
  t.equal(await same.run('print(kept)'), '42\n', 'the kernel is the same')
})

t.test('a new session never goes to a node that is dead', async (t) => {
  const ides = { directory: await placePlainIde(await dataDirectory(t)) }
  const cluster = await startTestCluster(t, { settings: { ides } })
  const [one, two, three] = threeOf(cluster.nodes)
  const user = await cluster.signIn(one)
  await untilAllSeeAll(user, cluster)
  // So that all would go to the third, which has the fewest.
  const before = [...(await startOnEach(user, cluster)), await user.start('jupyterlab')]
  const its = before.find(({ node }) => node === 'node-3')
  await until(async () => (await user.ask('DELETE', `/api/v1/sessions/${its?.id}`)).status === 204)

  await three.kill()
  const placed: string[] = []
  const start = async (node: TestNode) => {
    const wanted = { ide: 'jupyterlab' }
    const { status, body } = await user
      .at(node.address)
      .ask<SessionAnswer>('POST', '/api/v1/sessions', wanted)
    placed.push(status === 201 ? body.node : `${status}`)
  }
  for (const node of [one, two, one, two]) await start(node)
  await untilSeen(user, [one, two], 'node-3', 'failed')
  await start(two)
  t.strictSame(
    placed.filter((name) => name !== 'node-1' && name !== 'node-2'),
    [],
    `placed on ${placed.join(', ')}`,
  )
})

async function problemOf(user: ApiUser, node: TestNode, session: SessionAnswer) {
  const { status } = await user.at(node.address).fetch(`${session.url}api/status`)
  return status === 200 ? undefined : `${session.node} through ${node.name}: ${status}`
}
