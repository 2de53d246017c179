import type { AskedPeer, PeerClient } from './peer-client.ts'

const LIMIT_MS = 2000

/** True if the node answers within 2 s, and is the one of that name; this node does so without being asked. */
export async function doesAnswer(
  peer: AskedPeer,
  own: string,
  client: Pick<PeerClient, 'get'>,
): Promise<boolean> {
  if (peer.name === own) return true
  return client.get(peer, '/health', AbortSignal.timeout(LIMIT_MS)).then(
    () => true,
    () => false,
  )
}
