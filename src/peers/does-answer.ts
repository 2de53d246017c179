import type { AskedPeer, PeerClient } from './peer-client.ts'

const LIMIT_MS = 3000

/**
 * True if the node says within 3 s that it is ready, with its Launcher and its own way to the database, and is the one of that
 * name; this node is not asked.
 */
export async function doesAnswer(
  peer: AskedPeer,
  own: string,
  client: Pick<PeerClient, 'get'>,
): Promise<boolean> {
  if (peer.name === own) return true
  return client.get(peer, '/ready', AbortSignal.timeout(LIMIT_MS)).then(
    () => true,
    () => false,
  )
}
