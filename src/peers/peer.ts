/** Another node of the cluster, as far as it matters for whoever wants to reach it. */
export interface Peer {
  readonly name: string
  /** Scheme, host and port of its HTTP server. */
  readonly url: string
  /** True while it is believed dead: it is not asked then. */
  readonly failed: boolean
  /** True while it ends in order, and until it is back: a connection that is kept to it may be closed at any moment. */
  readonly leaving?: boolean
  /** Since when it has failed, if that is known. */
  readonly since?: Date | undefined
}
