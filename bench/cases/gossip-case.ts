import { gossipContenders } from '../gossip/gossip-contenders.ts'
import { documentedGrid, judgedFigures, measuredGrids } from '../gossip/gossip-result.ts'
import { type ClusterMeasurements, measureCluster } from '../gossip/measurements.ts'
import type { BenchCase } from './bench-case.ts'

/** So many members of each contender leave the machine idle enough that all contenders can run at the same time. */
const SMALL = 10

/** How fast members hear of a death, of news, of who leaves and who joins, and what gossip costs while nothing happens. */
export const gossipCase: BenchCase = {
  name: 'gossip',
  async run({ workplace, effort, say }) {
    const { clusterSizes, deaths, quietSeconds } = effort
    say('building memberlist')
    const contenders = await gossipContenders(workplace)
    const measured: ClusterMeasurements[] = []
    for (const size of clusterSizes) {
      const trials = size <= SMALL ? deaths : Math.ceil(deaths / 2)
      const measure = contenders.map(
        (contender) => () => measureCluster({ contender, size, quietSeconds, trials, say }),
      )
      if (size <= SMALL) measured.push(...(await Promise.all(measure.map((one) => one()))))
      else for (const one of measure) measured.push(await one())
    }
    const withMemberlist = contenders.some(({ name }) => name === 'memberlist')
    return {
      benchmark: 'gossip',
      title: `gossip: one process for each member, ${deaths} deaths, half as many above ${SMALL} members${
        withMemberlist ? '' : '; memberlist itself was not measured, as Go could not build it here'
      }`,
      unit: 'members',
      series: [],
      figures: judgedFigures(measured),
      grids: [...measuredGrids(measured), documentedGrid(clusterSizes)],
    }
  },
}
