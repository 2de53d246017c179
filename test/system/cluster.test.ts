import t from 'tap'
import { startTestCluster } from '../fixtures/cluster.ts'
import { until } from '../fixtures/until.ts'

t.test('three nodes find each other by the database alone', async (t) => {
  const { nodes } = await startTestCluster(t)
  for (const node of nodes) {
    await until(
      () => node.log().filter(({ msg }) => msg === 'a node is here').length === 2,
      30_000,
      `${node.name} sees both others`,
    )
  }
})
