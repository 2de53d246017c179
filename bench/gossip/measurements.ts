import { setTimeout as delay } from 'node:timers/promises'
import { BenchCluster } from './bench-cluster.ts'
import type { GossipContender } from './gossip-contenders.ts'
import type { Spread } from './sightings.ts'
import { arrival, death, departure, news } from './trials.ts'

/** What is still being passed on after the start should not count as quiet. */
const SETTLE_MS = 5000

/** Everything that was measured of one cluster. */
export interface ClusterMeasurements {
  readonly contender: string
  readonly size: number
  readonly deaths: readonly Spread[]
  readonly news: readonly Spread[]
  readonly departures: readonly Spread[]
  readonly arrivals: readonly Spread[]
  /** CPU time of a member while nothing happens, in percent of a core: the mean of all. */
  readonly cpuPercent: number
  /** Bytes that a member sends in a second meanwhile, without the headers of IP and UDP: the mean of all. */
  readonly sentPerSecond: number
  /** How often a living member was taken for dead. */
  readonly falseDeaths: number
}

/** Starts a cluster, watches it while nothing happens, and then ends and replaces members, one after the other. */
export async function measureCluster(options: {
  readonly contender: GossipContender
  readonly size: number
  readonly quietSeconds: number
  readonly trials: number
  readonly say: (text: string) => void
}): Promise<ClusterMeasurements> {
  const { contender, size, quietSeconds, trials, say } = options
  const at = `${contender.name}, ${size} members`
  say(`${at}: starting`)
  const cluster = await BenchCluster.start(contender, size)
  await delay(SETTLE_MS)
  say(`${at}: quiet`)
  const quiet = await usage(cluster, quietSeconds)
  const deaths: Spread[] = []
  const heard: Spread[] = []
  const departures: Spread[] = []
  const arrivals: Spread[] = []
  for (let trial = 1; trial <= trials; trial++) {
    say(`${at}: death ${trial} of ${trials}`)
    deaths.push(await death(cluster))
    arrivals.push(await arrival(cluster))
    await cluster.agreed()
    heard.push(await news(cluster, `0.1.${trial}`))
    departures.push(await departure(cluster))
    arrivals.push(await arrival(cluster))
    await cluster.agreed()
  }
  const { falseDeaths } = cluster
  cluster.stop()
  return {
    contender: contender.name,
    size,
    deaths,
    news: heard,
    departures,
    arrivals,
    ...quiet,
    falseDeaths,
  }
}

async function usage(
  { members }: BenchCluster,
  seconds: number,
): Promise<Pick<ClusterMeasurements, 'cpuPercent' | 'sentPerSecond'>> {
  const read = () =>
    Promise.all(
      members.map(async (member) => {
        const { sentBytes, at } = await member.counts()
        return { sentBytes, at, cpu: member.cpuMicroseconds(), read: performance.now() }
      }),
    )
  const before = await read()
  await delay(seconds * 1000)
  const after = await read()
  const each = after.map((now, index) => {
    const then = before[index] ?? now
    return {
      // Microseconds in a millisecond are thousandths of a core, so tenths of a percent.
      cpuPercent: (now.cpu - then.cpu) / (now.read - then.read) / 10,
      sentPerSecond: ((now.sentBytes - then.sentBytes) * 1000) / (now.at - then.at),
    }
  })
  return {
    cpuPercent: mean(each.map(({ cpuPercent }) => cpuPercent)),
    sentPerSecond: mean(each.map(({ sentPerSecond }) => sentPerSecond)),
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
