import { EventEmitter } from 'node:events'
import { type DatagramCounts, noDatagrams } from './datagram-counts.ts'
import { type Member, type MemberMeta, sameMeta } from './member.ts'
import type { Membership, MembershipEvents } from './membership.ts'

/** A cluster of one: there is nobody to tell, and no network. */
export class SingleMembership extends EventEmitter<MembershipEvents> implements Membership {
  #local: Member

  constructor(local: Pick<Member, 'name' | 'bootId' | 'startedAt' | 'url' | 'meta'>) {
    super()
    this.#local = { ...local, address: '', state: 'alive' }
  }

  get local(): Member {
    return this.#local
  }

  members(): readonly Member[] {
    return [this.#local]
  }

  get(name: string): Member | undefined {
    return name === this.#local.name ? this.#local : undefined
  }

  async join(): Promise<void> {}

  updateMeta(change: Partial<MemberMeta>): void {
    const meta = { ...this.#local.meta, ...change }
    if (!sameMeta(meta, this.#local.meta)) this.#local = { ...this.#local, meta }
  }

  startLeaving(): void {
    this.#local = { ...this.#local, state: 'leaving' }
  }

  async leave(): Promise<void> {
    this.startLeaving()
  }

  roundTrip(): undefined {
    return undefined
  }

  counts(): DatagramCounts {
    return noDatagrams()
  }
}
