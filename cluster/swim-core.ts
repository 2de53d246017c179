import { randomInt } from 'node:crypto'
import Swim, { type SwimMember } from 'swim'
import type { Message, Update } from './datagram-schema.ts'
import { MAX_DATAGRAM_BYTES, SEAL_BYTES } from './sealed-datagram.ts'
import { Suspicions } from './suspicions.ts'
import { suspicionTimeout, type Timing } from './timing.ts'
import type { WireMeta } from './wire-meta.ts'

const PING = 10
const ACK = 13
const UPDATE = 14
const ALIVE = 0
const SUSPECT = 1
const GONE = 2

/** An acknowledgement of nothing, which carries updates; probes count from higher. */
const NO_SEQ = 0

/** swim counts a few bytes of its framing not at all. */
const FRAMING_BYTES = 8

/** What the core needs of the world around it. */
export interface SwimCoreParts {
  readonly host: string
  readonly meta: WireMeta
  readonly incarnation: number
  readonly timing: Timing
  readonly monotonic: () => number
  readonly stalled: () => boolean
  readonly send: (payload: Uint8Array, to: string) => void
  /** Something has been learnt of another member. */
  readonly learnt: (update: Update) => void
}

/**
 * npm swim 0.6, cured of its defects: only properties of its objects are replaced, and before it starts. It judges who is here
 * and spreads what is known; sockets, seals, checking of input, seeds and syncs are the caller's.
 */
export class SwimCore {
  readonly #swim: Swim
  readonly #timing: Timing
  readonly #suspicions: Suspicions
  readonly #parts: SwimCoreParts
  readonly #probes = new Map<number, { host: string; sentAt: number }>()
  readonly #roundTrips = new Map<string, number>()
  #refutes = true

  constructor(parts: SwimCoreParts) {
    const { host, meta, incarnation, timing, stalled } = parts
    this.#parts = parts
    this.#timing = timing
    this.#swim = new Swim({
      codec: 'json',
      local: { host, meta, incarnation },
      interval: timing.probeInterval,
      pingTimeout: timing.probeTimeout,
      pingReqTimeout: timing.indirectProbeTimeout,
      pingReqGroupSize: timing.indirectProbes,
      suspectTimeout: suspicionTimeout(1, timing),
      disseminationFactor: timing.retransmitMultiplier,
      preferCurrentMeta: true,
      udp: { maxDgramSize: MAX_DATAGRAM_BYTES - SEAL_BYTES - FRAMING_BYTES },
    })
    this.#suspicions = new Suspicions({
      timeout: () => suspicionTimeout(this.#swim.membership.size(true), timing),
      stalled,
      warn: (suspect) => this.#warn(suspect),
      warnEvery: timing.probeInterval,
      expire: (suspect, since) => this.#fail(suspect, since),
    })
    this.#replaceNet()
    this.#replaceProbes()
    this.#replaceSuspicion()
  }

  /** Probes from now on. */
  start(): void {
    this.#swim.bootstrap([], () => {})
  }

  /** Probes no more, and forgets whom it suspects. */
  stop(): void {
    this.#swim.leave()
    this.#suspicions.endAll()
  }

  /** What is known of this node. */
  get local(): Update {
    return this.#swim.membership.local.data() as Update
  }

  /** What is known of the other members: here, failed and left. Not to be changed. */
  records(): readonly Update[] {
    const { hostToMember, hostToFaulty } = this.#swim.membership
    return [
      ...Object.values(hostToMember),
      ...Object.values(hostToFaulty),
    ] as readonly unknown[] as readonly Update[]
  }

  /** True if something is known of a member at this address. */
  knows(host: string): boolean {
    const { hostToMember, hostToFaulty } = this.#swim.membership
    return host in hostToMember || host in hostToFaulty
  }

  /** Takes a checked message that came from this address. */
  receive({ type, data }: Message, from: string): void {
    if (type === 'ack') this.#noteRoundTrip(data.seq)
    const { incarnation } = this.#swim.membership.local
    this.#swim.net.emit(type, data, from)
    // Who holds false news of us hears at once that they are false: it may count us out, and gossip to members only.
    const accused = type === 'update' && data.host === this.#parts.host && data.state !== ALIVE
    const refuted = this.#swim.membership.local.incarnation !== incarnation
    if (this.#refutes && (accused || refuted)) this.#tell(this.local, from)
  }

  /** Tells of this node anew. */
  updateMeta(meta: WireMeta): void {
    this.#swim.membership.updateMeta(meta)
  }

  /** Passes waiting updates on to some random members. */
  gossip(): void {
    const { disseminator, membership, net } = this.#swim
    for (const { host } of membership.random(this.#timing.gossipMembers)) {
      if (Object.keys(disseminator.hostToAttempts).length === 0) return
      net.sendMessage({ type: ACK, data: { seq: NO_SEQ } }, host)
    }
  }

  /** Exchanges all that is known with the members at these addresses. */
  sync(hosts: readonly string[]): void {
    this.#swim.membership.sync(hosts)
  }

  /** Answers the news that this node is gone, to be sent to others; refutes nothing from now on. */
  farewell(meta: WireMeta): { readonly update: Update; readonly tell: (host: string) => void } {
    this.#refutes = false
    const { host, incarnation } = this.local
    const update: Update = { host, state: GONE, incarnation: incarnation + 1, meta }
    return { update, tell: (to) => this.#tell(update, to) }
  }

  /** Forgets a member that is gone. */
  forget(host: string): void {
    delete this.#swim.membership.hostToFaulty[host]
    this.#roundTrips.delete(host)
  }

  /** How long the latest direct probe of the member at this address took, in milliseconds. */
  roundTrip(host: string): number | undefined {
    return this.#roundTrips.get(host)
  }

  #replaceNet(): void {
    const { net } = this.#swim
    net.udpSocket.close()
    net.listen = (callback) => callback()
    net.close = () => {}
    net.sendBuffer = (buffer, host) => this.#parts.send(buffer, host)
  }

  #replaceProbes(): void {
    const { failureDetector } = this.#swim
    failureDetector.seq = randomInt(NO_SEQ + 1, 2 ** 31)
    const pingMember = failureDetector.pingMember.bind(failureDetector)
    failureDetector.pingMember = (member) => {
      if (member) this.#noteProbe(failureDetector.seq, member.host)
      pingMember(member)
    }
    failureDetector.pingReq = (member) => this.#probeIndirectly(member)
  }

  /** swim may ask the silent member itself to relay, asks nobody in a cluster of two, and believes a single lost datagram. */
  #probeIndirectly(member: SwimMember): void {
    const { failureDetector, membership, net } = this.#swim
    const { indirectProbes, indirectProbeTimeout } = this.#timing
    const suspicion = setTimeout(() => {
      failureDetector.emit('suspect', member)
    }, indirectProbeTimeout)
    const answered = () => clearTimeout(suspicion)
    membership
      .random(indirectProbes + 1)
      .filter(({ host }) => host !== member.host)
      .slice(0, indirectProbes)
      .forEach((relay) => failureDetector.pingReqThroughMember(member, relay, answered))
    const seq = failureDetector.seq++
    failureDetector.seqToTimeout[seq] = setTimeout(() => {
      failureDetector.clearSeq(seq)
    }, indirectProbeTimeout)
    failureDetector.seqToCallback[seq] = answered
    net.sendMessage({ type: PING, data: { seq } }, member.host)
  }

  /** swim re-arms the timer with each missed probe, so that it never runs out, and gives none to suspects it hears of. */
  #replaceSuspicion(): void {
    const { membership } = this.#swim
    membership.suspectListener = ({ host }) => {
      const member = membership.get(host)
      if (!member || member.state !== ALIVE || this.#parts.stalled()) return
      membership.onUpdate({ ...member.data(), state: SUSPECT })
    }
    membership.on('update', (update: Update) => {
      if (update.host === membership.local.host) return
      if (update.state === SUSPECT) this.#suspicions.start(update.host, update.incarnation)
      else this.#suspicions.end(update.host)
      this.#parts.learnt(update)
    })
  }

  /** Hearing of it, the suspect can refute at once. */
  #warn(host: string): void {
    const member = this.#swim.membership.get(host)
    if (member) this.#tell(member.data() as Update, host)
  }

  #fail(host: string, incarnation: number): void {
    const member = this.#swim.membership.get(host)
    if (!member || member.state !== SUSPECT || member.incarnation !== incarnation) return
    this.#swim.membership.onUpdate({ ...member.data(), state: GONE })
  }

  #tell(update: Update, host: string): void {
    this.#swim.net.sendMessages([{ type: UPDATE, data: update }], host)
  }

  #noteProbe(seq: number, host: string): void {
    const now = this.#parts.monotonic()
    for (const [old, { sentAt }] of this.#probes) {
      if (now - sentAt > this.#timing.probeInterval) this.#probes.delete(old)
    }
    this.#probes.set(seq, { host, sentAt: now })
  }

  #noteRoundTrip(seq: number): void {
    const probe = this.#probes.get(seq)
    if (!probe) return
    this.#probes.delete(seq)
    this.#roundTrips.set(probe.host, this.#parts.monotonic() - probe.sentAt)
  }
}
