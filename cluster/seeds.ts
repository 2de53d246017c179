import { lookup as systemLookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { formatAddress, splitHostPort } from './address.ts'
import type { Seeds } from './membership.ts'

/** Finds all addresses of a name. */
export type Lookup = (name: string) => Promise<readonly { address: string }[]>

/** The name as the system resolves it: hosts file and DNS. */
export const resolveName: Lookup = (name) => systemLookup(name, { all: true })

/** What asking seeds needs; `problem` hears of each seed that is of no use. */
export interface SeedParts {
  readonly lookup: Lookup
  readonly problem: (error: Error) => void
}

/** The addresses of the seeds as they are now. Never rejects: a cluster goes on without its seeds. */
export async function askSeeds(seeds: Seeds, parts: SeedParts): Promise<readonly string[]> {
  try {
    return await resolveSeeds(await seeds(), parts)
  } catch (cause) {
    parts.problem(new Error('the seeds of the cluster cannot be asked', { cause }))
    return []
  }
}

/**
 * The addresses of these seeds (`host:port`), each once; a name may stand for several, as that of a headless service in
 * Kubernetes. What is wrong with a seed goes to `problem`, and the others are answered.
 */
export async function resolveSeeds(
  seeds: readonly string[],
  { lookup, problem }: SeedParts,
): Promise<readonly string[]> {
  const found = await Promise.all(
    seeds.map(async (seed) => {
      const parts = splitHostPort(seed)
      if (!parts) {
        problem(new Error(`the seed "${seed}" is not understood: write host:port`))
        return []
      }
      const { host, port } = parts
      if (isIP(host) !== 0) return [formatAddress({ ip: host, port })]
      try {
        return (await lookup(host)).map(({ address }) => formatAddress({ ip: address, port }))
      } catch (cause) {
        problem(new Error(`the seed "${seed}" has no address`, { cause }))
        return []
      }
    }),
  )
  return [...new Set(found.flat())]
}
