import t from 'tap'
import { startTestCluster } from '../fixtures/cluster.ts'
import { untilAllSeeAll } from '../fixtures/cluster-view.ts'
import { FaithfulSocket } from '../fixtures/faithful-socket.ts'
import { startKernel } from '../fixtures/kernel.ts'
import { rollNodes, traces } from '../fixtures/rolling.ts'
import { steadyLoad } from '../fixtures/steady-load.ts'
import { until } from '../fixtures/until.ts'

t.test(
  'restarts of nodes with inherited sockets refuse no connection, without a balancer',
  async (t) => {
    const cluster = await startTestCluster(t, {
      inheriting: true,
      settings: { api: { requests_per_minute: 1_000_000 } },
    })
    const { nodes, db } = cluster
    const [first] = nodes
    if (first === undefined) throw new Error('there is no node')
    const user = await cluster.signIn(first)
    await untilAllSeeAll(user, cluster)
    const sessions = [await user.start('jupyterlab'), await user.start('jupyterlab')]
    const kernels = await Promise.all(sessions.map(({ url }) => startKernel(user, url)))
    const sockets = sessions.map(
      ({ url }) => new FaithfulSocket({ user, path: `${url}api/events/subscribe` }),
    )
    for (const socket of sockets) socket.start(t)
    await until(() => sockets.every(({ isOpen }) => isOpen))
    const before = await traces(db, cluster)
    const addresses = nodes.map(({ address }) => address)

    const load = steadyLoad({
      perSecond: 50,
      headers: { cookie: user.cookie },
      // Each by a connection of its own, which the kernel takes while the node is away.
      keepAlive: false,
      next(count) {
        const path = ['/api/v1/sessions', ...sessions.map(({ url }) => `${url}api/status`)][
          count % 3
        ]
        return { method: 'GET', url: `${first.address}${path}` }
      },
    })
    const someRequests = async () => {
      const count = load.answered + 50
      await until(() => load.answered > count || load.failures.length > 0)
    }
    await someRequests()
    await rollNodes(cluster, user, someRequests)
    const rate = await load.stop()

    t.strictSame(load.failures.slice(0, 10), [], 'no connection was refused and no request failed')
    t.strictSame(
      nodes.map(({ address }) => address),
      addresses,
      'each node is where it was',
    )
    t.strictSame(await traces(db, cluster), before, 'all sessions run on, in the same processes')
    for (const kernel of kernels) t.equal(await kernel.run('print(6 * 7)'), '42\n')
    await until(() => sockets.every(({ isOpen }) => isOpen))
    t.comment(
      `${load.answered} connections, ${rate.toFixed(0)} in a second, ${load.failures.length} failed`,
    )
    t.comment(`the slowest request took ${load.slowest.toFixed(0)} ms`)
  },
)
