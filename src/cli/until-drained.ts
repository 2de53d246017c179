import { setTimeout as delay } from 'node:timers/promises'
import type { ClusterNode, ClusterNodes } from './cluster-nodes.ts'
import { CommandFailure } from './failure.ts'

const POLL_MS = 500

/** What passes by itself while nodes are restarted one after the other. */
const PASSING: readonly string[] = [
  'NOT_RUNNING',
  'NOT_ATELIER',
  'NODE_STOPPING',
  'DATABASE_UNAVAILABLE',
  'TOO_MANY_REQUESTS',
]

/**
 * Waits until a node that is being drained holds no session, and answers it; `say` is told how many are left, once for
 * each number. Throws CommandFailure when it takes sessions again, or is no more.
 */
export async function untilDrained(
  nodes: Pick<ClusterNodes, 'find'>,
  drained: ClusterNode,
  { say, signal }: { readonly say: (left: number) => void; readonly signal: AbortSignal },
): Promise<ClusterNode> {
  const { name } = drained
  let said: number | undefined
  for (let node = drained; ;) {
    if (!node.draining) {
      throw new CommandFailure('NODE_UNDRAINED', `${name} takes sessions again: it was undrained.`)
    }
    if (node.sessions === 0) return node
    if (node.sessions !== said) say((said = node.sessions))
    await delay(POLL_MS, undefined, { signal })
    node = (await findIfPossible(nodes, name)) ?? node
  }
}

async function findIfPossible(
  nodes: Pick<ClusterNodes, 'find'>,
  name: string,
): Promise<ClusterNode | undefined> {
  try {
    return await nodes.find(name)
  } catch (error) {
    if (error instanceof CommandFailure && PASSING.includes(error.code)) return undefined
    throw error
  }
}
