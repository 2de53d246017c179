import t from 'tap'
import type { ApiUser, SessionAnswer } from '../fixtures/api.ts'
import { dataDirectory } from '../fixtures/atelier.ts'
import { TestCli } from '../fixtures/cli.ts'
import { startTestCluster, type TestCluster, type TestNode } from '../fixtures/cluster.ts'
import { nodeStates, untilAllSeeAll, untilStateAt } from '../fixtures/cluster-view.ts'
import { placePlainIde, told } from '../fixtures/plain-ide.ts'
import { threeOf } from '../fixtures/three-of.ts'
import { until } from '../fixtures/until.ts'

const JUPYTERLAB = { ide: 'jupyterlab' }

t.test('sessions are spread, and a drained node gets none', async (t) => {
  const ides = { directory: await placePlainIde(await dataDirectory(t)) }
  const cluster = await startTestCluster(t, { settings: { ides } })
  const { nodes } = cluster
  const [one, two, three] = threeOf(nodes)
  const user = await cluster.signIn(one)
  await untilAllSeeAll(user, cluster)
  const cli = await commandLine(t.testdirName, user, three)

  const sessions: SessionAnswer[] = []
  for (const node of [one, one, two, three, two, one]) {
    const session = await user.at(node.address).start('jupyterlab')
    sessions.push(session)
    await untilStateAt(user, nodes, session, 'Active')
  }
  t.strictSame(
    await placed(cluster),
    { 'node-1': 2, 'node-2': 2, 'node-3': 2 },
    'whichever node was asked, sessions are spread evenly',
  )
  const before = await Promise.all(sessions.map((session) => told(user, session)))

  for (const by of ['the API', 'the command line'] as const) {
    if (by === 'the API') {
      const { status, body } = await user.ask('POST', '/api/v1/nodes/node-2/drain')
      t.match({ status, body }, { status: 200, body: { name: 'node-2', draining: true } })
    } else {
      t.match(await cli.json('node', 'drain', 'node-2'), { name: 'node-2', draining: true })
    }
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => startAt(user, nodes[at % 3] ?? one)),
    )
    t.strictSame([...new Set(answers.map(({ status }) => status))], [201], 'all were started')
    const names = answers.map(({ body }) => body.node)
    t.notOk(names.includes('node-2'), `drained by ${by} it got none of ${names.join(' ')}`)
    t.equal((await placed(cluster))['node-2'], 2, 'nor in the table')
    t.match((await cli.run('node', 'list')).stdout, /^node-2 +alive, draining .* 2 /m)
    for (const { body } of answers) await end(user, body)
    t.match(await cli.json('node', 'undrain', 'node-2'), { name: 'node-2', draining: false })
    t.match((await cli.run('node', 'list')).stdout, /^node-2 +alive +\d/m)
  }
  for (const session of sessions) await untilStateAt(user, nodes, session, 'Active')
  const after = await Promise.all(sessions.map((session) => told(user, session)))
  t.strictSame(after, before, 'those that ran run on')

  for (const name of ['node-1', 'node-3']) await cli.json('node', 'drain', name)
  await until(async () => (await startAt(user, three)).body.node === 'node-2')
  await cli.json('node', 'drain', 'node-2')
  const refused = await startAt(user, one)
  t.match(refused, { status: 503, body: { error: { code: 'NO_NODE' } } }, 'all are drained')
})

t.test('a node that ends in order is offline, and may then be removed', async (t) => {
  const ides = { directory: await placePlainIde(await dataDirectory(t)) }
  const cluster = await startTestCluster(t, { settings: { ides } })
  const [one, two, three] = threeOf(cluster.nodes)
  const user = await cluster.signIn(one)
  await untilAllSeeAll(user, cluster)
  const cli = await commandLine(t.testdirName, user, one)
  const refused = await user.ask('DELETE', '/api/v1/nodes/node-3')
  t.match(refused, { status: 409, body: { error: { code: 'NODE_ONLINE' } } })
  const { code, stderr } = await cli.run('node', 'remove', 'node-3')
  t.match({ code, stderr }, { code: 1, stderr: /This node is online/ })

  t.equal(await three.stop(), 0)
  for (const node of [one, two]) {
    const seen = new Set<string | undefined>()
    await until(async () => {
      const state = (await nodeStates(user.at(node.address)))['node-3']
      seen.add(state)
      return state === 'offline'
    })
    seen.delete('leaving')
    t.strictSame([...seen], ['offline'], `${node.name} has never taken it for dead`)
    const deaths = node.log().filter(({ msg }) => msg === 'a node does not answer')
    t.strictSame(deaths, [])
  }
  t.match((await cli.run('node', 'list')).stdout, /^node-3 +offline /m)
  t.match(await cli.json('node', 'remove', 'node-3'), { name: 'node-3', removed: true })
  for (const node of [one, two]) {
    t.notOk('node-3' in (await nodeStates(user.at(node.address))), `${node.name} has forgotten it`)
  }
  t.match(await user.ask('DELETE', '/api/v1/nodes/node-3'), { status: 404 })

  await three.start()
  await untilAllSeeAll(user, cluster)
  t.equal((await startAt(user, three)).status, 201, 'it has come back')
})

/** The command line of an administrator who speaks to this node. */
async function commandLine(directory: string, user: ApiUser, node: TestNode): Promise<TestCli> {
  const scopes = ['read', 'sessions', 'admin']
  const wanted = { name: 'drain', scopes, expiresInDays: 1 }
  const { status, body } = await user.ask<{ token: string }>('POST', '/api/v1/tokens', wanted)
  if (status !== 201) throw new Error(`POST tokens: ${status} ${JSON.stringify(body)}`)
  const environment = { ATELIER_ADDRESS: node.address, ATELIER_TOKEN: body.token }
  return new TestCli({ directory, environment })
}

function startAt(user: ApiUser, { address }: TestNode) {
  return user.at(address).ask<SessionAnswer>('POST', '/api/v1/sessions', JUPYTERLAB)
}

/** Stops a session and waits until it has. */
async function end(user: ApiUser, { id }: Pick<SessionAnswer, 'id'>): Promise<void> {
  await user.ask('DELETE', `/api/v1/sessions/${id}`)
  await user.untilState(id, 'Stopped')
}

/** How many sessions each node holds that have not ended, by the table. */
async function placed({ db }: TestCluster): Promise<Readonly<Record<string, number>>> {
  const rows = await db.query<{ node: string; count: number }>(
    `select node, count(*)::int as count from atelier.sessions
     where state in ('Starting', 'Active', 'Idle') group by node order by node`,
  )
  return Object.fromEntries(rows.map(({ node, count }) => [node, count]))
}
