import type { NodeRow } from './cluster-node.ts'

/** What identifies the cluster of a database. */
export interface ClusterRow {
  readonly id: string
  readonly keyFingerprint: string
  readonly protocol: number
  /** The database's clock at the time of the read. */
  readonly now: Date
}

/** What a node tells of itself when it comes. */
export type NewNode = Pick<
  NodeRow,
  'name' | 'installation' | 'bootId' | 'url' | 'gossipAddress' | 'version'
> & {
  /** How long its lease lasts without a renewal, in ms. */
  readonly lease: number
}

/** What a node tells of itself with each renewal of its lease; its addresses may have changed. */
export type Renewal = Pick<NewNode, 'name' | 'bootId' | 'lease'> &
  Partial<Pick<NodeRow, 'url' | 'gossipAddress' | 'databaseMs' | 'listening'>>

/** The truth about nodes. Every method throws AtelierError DATABASE_UNAVAILABLE when the database does not answer. */
export interface NodeStore {
  /** The cluster of this database; of several nodes that come first at once, one writes it. */
  cluster(own: { readonly keyFingerprint: string; readonly protocol: number }): Promise<ClusterRow>
  /** Forgets which cluster the database belongs to, unless a node is online; false if one is. */
  resetCluster(): Promise<boolean>
  /** Every node there is, by name. */
  all(): Promise<readonly NodeRow[]>
  /**
   * Takes the name with a lease; undefined if another installation holds it. The same installation, or anybody after the
   * lease has run out, takes it with the next epoch.
   */
  register(node: NewNode): Promise<NodeRow | undefined>
  /** Renews the lease; undefined if the row is gone or was taken by another start. */
  renew(renewal: Renewal): Promise<NodeRow | undefined>
  /** Ends the lease in order. */
  release(node: Pick<NodeRow, 'name' | 'bootId'>): Promise<void>
  /** Gives a node up whose lease has run out: compare-and-set by epoch, so of several nodes one does it. */
  lose(node: Pick<NodeRow, 'name' | 'epoch'>): Promise<NodeRow | undefined>
  /** Sets or takes back that it gets no new sessions; undefined if there is no such node. */
  setDraining(name: string, draining: boolean): Promise<NodeRow | undefined>
  /** Removes a node whose lease has ended; false if it has not, or there is none. */
  remove(name: string): Promise<boolean>
}

/** What a listener of hints about nodes is told; see SessionHints. */
export interface NodeHints {
  changed(name: string): void
  resync(): void
}
