import type { Update } from './datagram-schema.ts'
import { hasLeft } from './view.ts'

const GONE = 2
const MEMBERS_EACH_TIME = 1
const FAILED_EACH_TIME = 2

/**
 * Whom to exchange all knowledge with this time: a random member, all seeds that are not members, and a few random failed
 * members. The last two make the halves of a cut network find each other again by themselves.
 */
export function syncTargets({
  records,
  seeds,
  local,
  random,
}: {
  records: readonly Update[]
  seeds: readonly string[]
  local: string
  random: () => number
}): readonly string[] {
  const hosts = (chosen: readonly Update[]) => chosen.map(({ host }) => host)
  const here = hosts(records.filter(({ state }) => state !== GONE))
  const failed = hosts(records.filter((record) => record.state === GONE && !hasLeft(record)))
  return [
    ...new Set([
      ...sample(here, MEMBERS_EACH_TIME, random),
      ...seeds.filter((seed) => seed !== local && !here.includes(seed)),
      ...sample(failed, FAILED_EACH_TIME, random),
    ]),
  ]
}

/** Up to `count` of these, by chance. `random` gives [0, 1). */
function sample<T>(all: readonly T[], count: number, random: () => number): readonly T[] {
  const rest = [...all]
  const chosen: T[] = []
  while (chosen.length < count && rest.length > 0) {
    chosen.push(...rest.splice(Math.floor(random() * rest.length), 1))
  }
  return chosen
}
