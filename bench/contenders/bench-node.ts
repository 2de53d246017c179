import type { Peers } from '../../src/proxy/parts.ts'

/** What a process of our data plane is told about its cluster; with nothing of it, it is a node that is alone. */
export interface BenchNode {
  /** Its name. */
  readonly node?: string
  /** The key of the cluster, in hexadecimal digits. */
  readonly key?: string
  /** The other node, which holds all sessions. */
  readonly holder?: { readonly name: string; readonly url: string }
}

/** One other node, which never moves or fails. */
export function peersOf(holder: { readonly name: string; readonly url: string }): Peers {
  const peer = { ...holder, failed: false }
  return {
    get: (name) => (name === peer.name ? peer : undefined),
    refresh: () => Promise.reject(new Error('no session moves in a benchmark')),
  }
}
