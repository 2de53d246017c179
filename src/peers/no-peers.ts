import type { Peer } from './peer.ts'

/** The other nodes of a node that is alone. */
export const NO_PEERS = {
  get: (): Peer | undefined => undefined,
  refresh: (): Promise<void> => Promise.resolve(),
}
