import { hostname } from 'node:os'
import { z } from 'zod'
import type { NodeRow } from '../nodes/cluster-node.ts'
import type { PeerClient } from './peer-client.ts'

const LIMIT_MS = 3000
/** As many are asked; a name that they find is found by the others, too. */
const MOST = 3

const addresses = z.array(z.string().max(64)).max(64)

/** The IP addresses that other nodes find under this host's name; one that does not answer says nothing about it. */
export async function resolvedByPeers(
  nodes: readonly NodeRow[],
  own: string,
  client: Pick<PeerClient, 'get'>,
): Promise<readonly (readonly string[])[]> {
  const asked = nodes.filter(({ name, leased }) => leased && name !== own).slice(0, MOST)
  const path = `/peer/v1/addresses/${encodeURIComponent(hostname())}`
  const answers = await Promise.all(
    asked.map((peer) =>
      client
        .get(peer, path, AbortSignal.timeout(LIMIT_MS))
        .then((answer) => [addresses.parse(answer)])
        .catch(() => []),
    ),
  )
  return answers.flat()
}
