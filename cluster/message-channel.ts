import type { Clock } from './clock.ts'
import { DatagramCounter, type DatagramCounts, type Rejection } from './datagram-counts.ts'
import { type Message, parseDatagram } from './datagram-schema.ts'
import { DatagramSeal } from './sealed-datagram.ts'
import type { Transport } from './transport.ts'

/** Who takes what came through the channel. */
export interface MessageReceiver {
  /** Why the message is not to be taken, or undefined if it is. */
  rejection(message: Message): Rejection | undefined
  /** Takes the messages of one datagram, at least one. */
  receive(messages: readonly Message[], from: string): void
  /** An error of the transport that it survives. */
  problem(error: Error): void
}

/** Carries messages between members: sealed, checked and counted. Nothing that comes in makes it throw. */
export class MessageChannel {
  readonly #transport: Transport
  readonly #seal: DatagramSeal
  readonly #clock: Clock
  readonly #counter = new DatagramCounter()
  readonly #sending = new Set<Promise<void>>()
  #open = false

  constructor({
    transport,
    keys,
    label,
    clock,
  }: {
    transport: Transport
    keys: readonly Uint8Array[]
    label: string
    clock: Clock
  }) {
    this.#transport = transport
    this.#seal = new DatagramSeal({ keys, label, clock })
    this.#clock = clock
  }

  /** Resolves with the address the transport is bound to; rejects with a BindError. */
  async open(receiver: MessageReceiver): Promise<string> {
    const address = await this.#transport.bind(
      (datagram, from) => this.#receive(datagram, from, receiver),
      (error) => receiver.problem(error),
    )
    this.#open = true
    return address
  }

  /** Sends a datagram of messages, or counts it as unsent. */
  send(payload: Uint8Array, to: string): void {
    if (!this.#open) return
    const datagram = this.#seal.seal(payload)
    const sent = this.#transport
      .send(datagram, to)
      .then(
        () => this.#counter.sent(datagram.length),
        () => this.#counter.unsent(),
      )
      .finally(() => this.#sending.delete(sent))
    this.#sending.add(sent)
  }

  /** Closes the transport when all has left; from now on nothing comes and nothing goes. */
  async close(): Promise<void> {
    if (!this.#open) return
    this.#open = false
    await Promise.all(this.#sending)
    await this.#transport.close()
  }

  counts(): DatagramCounts {
    return this.#counter.counts()
  }

  #receive(datagram: Uint8Array, from: string, receiver: MessageReceiver): void {
    if (!this.#open) return
    this.#counter.received(datagram.length)
    const opened = this.#seal.open(datagram)
    if ('rejected' in opened) {
      this.#counter.rejected(opened.rejected)
      return
    }
    const { messages, malformed } = parseDatagram(opened.payload, this.#clock.wall())
    for (let i = 0; i < malformed; i++) this.#counter.rejected('malformed')
    const taken = messages.filter((message) => {
      const rejection = receiver.rejection(message)
      if (rejection) this.#counter.rejected(rejection)
      return !rejection
    })
    if (taken.length > 0) receiver.receive(taken, from)
  }
}
