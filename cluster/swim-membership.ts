import { EventEmitter } from 'node:events'
import { formatAddress, isWildcard, parseAddress } from './address.ts'
import { type Clock, systemClock } from './clock.ts'
import type { DatagramCounts, Rejection } from './datagram-counts.ts'
import type { Message, Update } from './datagram-schema.ts'
import { Departures } from './departures.ts'
import { type Member, type MemberMeta, sameMeta } from './member.ts'
import { MessageChannel } from './message-channel.ts'
import type { Membership, MembershipEvents, Seeds } from './membership.ts'
import { askSeeds, type Lookup, resolveName } from './seeds.ts'
import { StallGuard } from './stall-guard.ts'
import { SwimCore } from './swim-core.ts'
import { syncTargets } from './sync-targets.ts'
import { jittered, syncPeriod, type Timing, timingWith } from './timing.ts'
import { BindError, type Transport } from './transport.ts'
import { changesBetween, type View, viewOf } from './view.ts'
import { rounded, toWire } from './wire-meta.ts'

/** More members than any cluster has; what would be the next one is not believed. */
const MAX_MEMBERS = 1000

/** What a membership by gossip needs. */
export interface SwimMembershipParts {
  readonly name: string
  /** Unique to this start of the node. */
  readonly bootId: string
  /** Where this node's HTTP server answers; a function is asked when it joins, as a server may learn its port late. */
  readonly url: string | (() => string)
  readonly meta: MemberMeta
  readonly transport: Transport
  /** Keys of 32 bytes: the first seals, all open. */
  readonly keys: readonly Uint8Array[]
  /** Keeps clusters with the same key apart. */
  readonly label: string
  readonly seeds: Seeds
  /** The IP address at which others reach the gossip, if not the one the transport is bound to; its port, if not the same. */
  readonly advertise?: { readonly ip: string; readonly port?: number }
  readonly timing?: Partial<Timing>
  readonly clock?: Clock
  readonly lookup?: Lookup
}

/** Membership by SWIM gossip over sealed datagrams. */
export class SwimMembership extends EventEmitter<MembershipEvents> implements Membership {
  readonly #parts: SwimMembershipParts
  readonly #timing: Timing
  readonly #clock: Clock
  readonly #channel: MessageChannel
  readonly #guard: StallGuard
  readonly #departures = new Departures()
  readonly #startedAt: number
  #meta: MemberMeta
  #address = ''
  #leaving = false
  #core: SwimCore | undefined
  #joined = false
  #left = false
  #news = false
  #receiving = false
  #namesake: string | undefined
  #view: View = new Map()
  #ticks: NodeJS.Timeout | undefined
  #nextSync: NodeJS.Timeout | undefined

  /** Throws a MetaTooLargeError, a TypeError or a RangeError naming what cannot be used. */
  constructor(parts: SwimMembershipParts) {
    super()
    const { transport, keys, label, meta, timing = {}, clock = systemClock } = parts
    this.#parts = parts
    this.#timing = timingWith(timing)
    this.#clock = clock
    this.#channel = new MessageChannel({ transport, keys, label, clock })
    const { gossipInterval, probeInterval, probeTimeout } = this.#timing
    this.#guard = new StallGuard({
      monotonic: () => clock.monotonic(),
      tolerance: gossipInterval + probeTimeout,
      recovery: 2 * probeInterval,
    })
    this.#startedAt = Math.trunc(clock.wall())
    this.#meta = rounded(meta)
    toWire(this.local)
  }

  get local(): Member {
    const { name, bootId, url: told } = this.#parts
    const url = typeof told === 'string' ? told : told()
    return {
      name,
      bootId,
      startedAt: this.#startedAt,
      address: this.#address,
      url,
      state: this.#leaving ? 'leaving' : 'alive',
      meta: this.#meta,
    }
  }

  members(): readonly Member[] {
    return [...this.#view.values(), this.local].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  get(name: string): Member | undefined {
    return name === this.#parts.name ? this.local : this.#view.get(name)
  }

  async join(): Promise<void> {
    if (this.#joined) throw new Error('a membership is joined once')
    this.#joined = true
    const bound = await this.#channel.open({
      rejection: (message) => this.#rejection(message),
      receive: (messages, from) => this.#receive(messages, from),
      problem: (error) => this.#problem(error),
    })
    const reachable = this.#reachable(bound)
    if (!reachable || this.#left) {
      await this.#channel.close()
      if (this.#left) return
      throw new BindError(
        `The gossip uses all addresses of this server (${bound}): name the one at which other nodes reach it.`,
        { code: 'UNREACHABLE' },
      )
    }
    this.#address = reachable
    this.#guard.tick()
    this.#core = new SwimCore({
      host: reachable,
      meta: toWire(this.local),
      incarnation: this.#startedAt,
      timing: this.#timing,
      monotonic: () => this.#clock.monotonic(),
      stalled: () => this.#guard.stalled(),
      send: (payload, to) => this.#channel.send(payload, to),
      learnt: (update) => this.#learnt(update),
    })
    this.#core.start()
    this.#ticks = setInterval(() => this.#tick(), this.#timing.gossipInterval)
    this.#syncAndGoOn()
  }

  updateMeta(change: Partial<MemberMeta>): void {
    const meta = rounded({ ...this.#meta, ...change })
    if (sameMeta(meta, this.#meta)) return
    this.#tell({ ...this.local, meta }, this.#leaving)
    this.#meta = meta
  }

  startLeaving(): void {
    if (this.#leaving) return
    this.#tell(this.local, true)
    this.#leaving = true
  }

  async leave(): Promise<void> {
    if (this.#left) return
    this.#left = true
    this.#leaving = true
    clearInterval(this.#ticks)
    clearTimeout(this.#nextSync)
    const core = this.#core
    if (!core) return
    const { tell } = core.farewell(toWire(this.local, 2))
    core.stop()
    const others = this.#present()
    // Twice and not at once, as datagrams are lost in bursts.
    for (const { address } of others) tell(address)
    if (others.length > 0) await pause(this.#timing.gossipInterval)
    for (const { address } of others) tell(address)
    this.#core = undefined
    await this.#channel.close()
  }

  roundTrip(name: string): number | undefined {
    const member = this.#view.get(name)
    return member && this.#core?.roundTrip(member.address)
  }

  counts(): DatagramCounts {
    return this.#channel.counts()
  }

  /** Where others reach the gossip, or undefined if nobody can know. */
  #reachable(bound: string): string | undefined {
    const { advertise } = this.#parts
    const address = parseAddress(bound)
    const ip = advertise?.ip ?? address?.ip ?? ''
    const reachable = formatAddress({ ip, port: advertise?.port ?? address?.port ?? 0 })
    return isWildcard(ip) || !parseAddress(reachable) ? undefined : reachable
  }

  #tell(local: Member, leaving: boolean): void {
    const wire = toWire(local, leaving ? 1 : undefined)
    if (!this.#left) this.#core?.updateMeta(wire)
  }

  #receive(messages: readonly Message[], from: string): void {
    this.#receiving = true
    for (const message of messages) this.#core?.receive(message, from)
    this.#receiving = false
    this.#look()
  }

  #rejection(message: Message): Rejection | undefined {
    if (message.type === 'ping' || message.type === 'ack') return undefined
    const host = message.type === 'pingreq' ? message.data.destination : message.data.host
    if (host === this.#address || this.#core?.knows(host)) return undefined
    if (message.type === 'pingreq') return 'unknown-destination'
    return (this.#core?.records().length ?? 0) < MAX_MEMBERS ? undefined : 'too-many-members'
  }

  #tick(): void {
    this.#guard.tick()
    this.#core?.gossip()
  }

  #syncAndGoOn(): void {
    void this.#sync().then(() => {
      if (this.#left) return
      const period = syncPeriod(this.#present().length + 1, this.#timing)
      this.#nextSync = setTimeout(() => this.#syncAndGoOn(), jittered(period, Math.random()))
    })
  }

  async #sync(): Promise<void> {
    const { seeds: ask, lookup = resolveName } = this.#parts
    const problem = (error: Error) => this.#problem(error)
    const seeds = await askSeeds(ask, { lookup, problem })
    if (this.#left) return
    this.#forgetTheGone()
    const records = this.#core?.records() ?? []
    this.#core?.sync(syncTargets({ records, seeds, local: this.#address, random: Math.random }))
  }

  #present(): readonly Member[] {
    return [...this.#view.values()].filter(({ state }) => state !== 'failed')
  }

  #forgetTheGone(): void {
    const gone = this.#departures.due(this.#clock.monotonic(), this.#timing)
    if (gone.length === 0) return
    for (const host of gone) this.#core?.forget(host)
    this.#news = true
    this.#look()
  }

  #learnt(update: Update): void {
    if (this.#left) return
    this.#departures.note(update, this.#clock.monotonic())
    this.#news = true
    // One datagram brings many news; looking once is enough.
    if (!this.#receiving) this.#look()
  }

  /** If there is news, makes the view of the members anew and tells what has changed in it. */
  #look(): void {
    if (!this.#news || this.#left) return
    this.#news = false
    const records = this.#core?.records() ?? []
    const { name } = this.#parts
    const before = this.#view
    this.#view = viewOf(records.filter(({ meta }) => meta.n !== name))
    const changes = changesBetween(before, this.#view)
    const namesake = viewOf(records.filter(({ meta }) => meta.n === name)).get(name)
    for (const { event, args } of changes) this.emit(event, ...(args as [Member, Member]))
    this.#notice(namesake)
  }

  /** Our own past at another address started earlier; who started later and bears our name is somebody else. */
  #notice(namesake: Member | undefined): void {
    if (!namesake || namesake.state === 'failed' || namesake.startedAt <= this.#startedAt) return
    if (namesake.bootId === this.#namesake) return
    this.#namesake = namesake.bootId
    this.emit('conflict', namesake)
  }

  #problem(error: Error): void {
    this.emit('problem', error)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
