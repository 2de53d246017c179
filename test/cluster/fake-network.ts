import type { Transport } from '../../cluster/index.ts'

type Receive = (datagram: Uint8Array, from: string) => void

/** A datagram as it was sent, whether or not it arrived. */
export interface Sent {
  readonly datagram: Uint8Array
  readonly from: string
  readonly to: string
}

/** A network in memory that delays, loses and cuts. Its delays are timers, so virtual time rules it. */
export class FakeNetwork {
  /** The share of datagrams that is lost, 0 to 1. */
  loss = 0
  /** All that was sent while this is an array. */
  recorded: Sent[] | undefined
  readonly #receivers = new Map<string, Receive>()
  readonly #delay: () => number
  #islands: readonly (readonly string[])[] = []
  #dead = new Set<string>()

  /** `delay` gives the milliseconds that the next datagram takes. */
  constructor({ delay = () => 1 + Math.random() }: { delay?: () => number } = {}) {
    this.#delay = delay
  }

  /** The way onto this network at that address. */
  transport(address: string): Transport {
    return {
      bind: async (receive) => {
        this.#receivers.set(address, receive)
        return address
      },
      send: async (datagram, to) => this.#carry({ datagram, from: address, to }),
      close: async () => void this.#receivers.delete(address),
    }
  }

  /** Cuts the network: datagrams pass within each island only. */
  cut(...islands: readonly (readonly string[])[]): void {
    this.#islands = islands
  }

  /** The network is whole again. */
  heal(): void {
    this.#islands = []
  }

  /** Whoever is at this address falls silent and hears nothing, without a word. */
  kill(address: string): void {
    this.#dead.add(address)
  }

  /** The address is in use again. */
  revive(address: string): void {
    this.#dead.delete(address)
  }

  /** Delivers a datagram at once, as if it came from `from`. */
  inject({ datagram, from, to }: Sent): void {
    this.#receivers.get(to)?.(datagram, from)
  }

  #carry(sent: Sent): void {
    this.recorded?.push(sent)
    const { from, to } = sent
    if (this.#dead.has(from) || this.#isCut(from, to) || Math.random() < this.loss) return
    setTimeout(() => {
      if (!this.#dead.has(to)) this.inject(sent)
    }, this.#delay())
  }

  #isCut(from: string, to: string): boolean {
    if (this.#islands.length === 0) return false
    return !this.#islands.some((island) => island.includes(from) && island.includes(to))
  }
}
