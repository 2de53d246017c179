import type { Sighting } from './reports.ts'

/** How long a piece of news took, in milliseconds: to the first member that has it, and to the last. */
export interface Spread {
  readonly first: number
  readonly last: number
}

/**
 * How long it took from `since` until the first and the last of the observers saw something; undefined as long as one of
 * them has not. Each observer is the list of what it saw, in order.
 */
export function spreadOf(
  observers: readonly (readonly Sighting[])[],
  since: number,
  isIt: (sighting: Sighting) => boolean,
): Spread | undefined {
  const times = observers.flatMap((seen) => {
    // The clocks are one, but are read in whole milliseconds.
    const at = seen.find((sighting) => sighting.at >= Math.floor(since) && isIt(sighting))?.at
    return at === undefined ? [] : [Math.max(0, at - since)]
  })
  if (times.length === 0 || times.length < observers.length) return undefined
  return { first: Math.min(...times), last: Math.max(...times) }
}

/** True if what was seen last of each of them is that it is alive. */
export function seesAlive(seen: readonly Sighting[], names: readonly string[]): boolean {
  const latest = new Map(seen.map(({ name, state }) => [name, state]))
  return names.every((name) => latest.get(name) === 'alive')
}

/** How often one of the named members, which all lived, was taken for dead. */
export function falseDeaths(
  observers: readonly (readonly Sighting[])[],
  living: readonly string[],
): number {
  return observers.flat().filter(({ name, state }) => state === 'gone' && living.includes(name))
    .length
}
