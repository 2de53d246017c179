import type { BenchCluster } from './bench-cluster.ts'
import type { Spread } from './sightings.ts'

/** Kills a random member; how long until the others take it for dead. */
export async function death(cluster: BenchCluster): Promise<Spread> {
  const victim = cluster.takeOut()
  return cluster.spread(victim.name, victim.kill(), ({ state }) => state === 'gone')
}

/** Has a random member leave; how long until it is gone for the others. */
export async function departure(cluster: BenchCluster): Promise<Spread> {
  const leaver = cluster.takeOut()
  const since = await leaver.leave()
  const spread = await cluster.spread(leaver.name, since, ({ state }) => state === 'gone')
  leaver.kill()
  return spread
}

/** Has a random member tell another version; how long until the others know it. */
export async function news(cluster: BenchCluster, version: string): Promise<Spread> {
  const teller = cluster.random()
  const since = await teller.tellVersion(version)
  return cluster.spread(teller.name, since, (sighting) => sighting.version === version)
}

/** Starts another member; how long from when it asks to join until it is alive for the others. */
export async function arrival(cluster: BenchCluster): Promise<Spread> {
  const newcomer = await cluster.add()
  const { at } = await newcomer.joined()
  return cluster.spread(newcomer.name, at, ({ state }) => state === 'alive')
}
