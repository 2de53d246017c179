/** Why a datagram, or one message in it, was not taken. */
export const REJECTIONS = [
  /** Shorter than any sealed datagram. */
  'too-short',
  /** Longer than any datagram that members send. */
  'too-large',
  /** Sealed with a key that is none of ours: a member of another cluster, or one with another key. */
  'unknown-key',
  /** The seal is broken: damaged, forged, or of a cluster with the same key and another label. */
  'bad-seal',
  /** Sealed more than a minute ago or ahead of our clock: one of the two clocks is wrong, or it is an old recording. */
  'wrong-time',
  /** Has come before. */
  'replayed',
  /** Rightly sealed, but not what members say. */
  'malformed',
  /** Asks to probe an address that is no member's. */
  'unknown-destination',
  /** Names one member more than a cluster may have. */
  'too-many-members',
] as const

export type Rejection = (typeof REJECTIONS)[number]

/** Counts since the start, for metrics and for a line in the log once a minute. */
export interface DatagramCounts {
  readonly received: number
  readonly receivedBytes: number
  readonly sent: number
  readonly sentBytes: number
  /** Datagrams that the system refused to send, as when no route leads to a member. */
  readonly unsent: number
  readonly rejected: Readonly<Record<Rejection, number>>
}

/** Counts of nothing. */
export function noDatagrams(): DatagramCounts {
  return {
    received: 0,
    receivedBytes: 0,
    sent: 0,
    sentBytes: 0,
    unsent: 0,
    rejected: Object.fromEntries(REJECTIONS.map((reason) => [reason, 0])) as Record<
      Rejection,
      number
    >,
  }
}

/** Counts datagrams. */
export class DatagramCounter {
  #counts = noDatagrams()

  received(bytes: number): void {
    const { received, receivedBytes } = this.#counts
    this.#add({ received: received + 1, receivedBytes: receivedBytes + bytes })
  }

  sent(bytes: number): void {
    const { sent, sentBytes } = this.#counts
    this.#add({ sent: sent + 1, sentBytes: sentBytes + bytes })
  }

  unsent(): void {
    this.#add({ unsent: this.#counts.unsent + 1 })
  }

  rejected(reason: Rejection): void {
    const { rejected } = this.#counts
    this.#add({ rejected: { ...rejected, [reason]: rejected[reason] + 1 } })
  }

  /** The counts now; they do not change afterwards. */
  counts(): DatagramCounts {
    return this.#counts
  }

  #add(changed: Partial<DatagramCounts>): void {
    this.#counts = { ...this.#counts, ...changed }
  }
}
