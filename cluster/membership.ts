import type { EventEmitter } from 'node:events'
import type { DatagramCounts } from './datagram-counts.ts'
import type { Member, MemberMeta } from './member.ts'

/** What happens to other members; never told about the local one. All are hints: the truth is in the database. */
export interface MembershipEvents {
  /** A member is here that was not, or that had failed. */
  join: [member: Member]
  /** A member says something new of itself, or is suspect or no longer suspect. */
  update: [member: Member, before: Member]
  /** A member answers with another boot id before anybody missed it: all that its process held in memory is gone. */
  restart: [member: Member, before: Member]
  /** A member has said that it goes, and is gone. */
  leave: [member: Member]
  /** A member is believed dead. It may be on the far side of a cut network. */
  fail: [member: Member]
  /** Another node that started later goes by our own name. */
  conflict: [member: Member]
  /** Something went wrong that the gossip survives: seeds that cannot be asked or resolved, an error of the socket. */
  problem: [error: Error]
}

/** Who is here. Everything is answered from memory. */
export interface Membership extends EventEmitter<MembershipEvents> {
  /** This node. */
  readonly local: Member
  /** All members with the local one, by name; those that have left are not among them. */
  members(): readonly Member[]
  /** The member of that name, also the local one. */
  get(name: string): Member | undefined
  /**
   * Takes part from now on, and asks the seeds again for as long as it does. Resolves when this node can be reached, whether
   * or not others answered; rejects with a BindError if the address cannot be used. A membership is joined once.
   */
  join(): Promise<void>
  /** Tells the others what has changed. Throws a MetaTooLargeError if it does not fit; what was told before then holds. */
  updateMeta(change: Partial<MemberMeta>): void
  /** Tells the others that this node goes soon: it gets nothing new, and still answers. */
  startLeaving(): void
  /** Tells the others that this node is gone, and stops. Resolves when nothing of it runs any more; never rejects. */
  leave(): Promise<void>
  /** The round trip of the latest direct probe of that member, in milliseconds. */
  roundTrip(name: string): number | undefined
  /** How many datagrams came, went and were rejected since the start, and why. */
  counts(): DatagramCounts
}

/** Answers addresses of members to join by, `host:port`; asked again before every sync. */
export type Seeds = () => readonly string[] | Promise<readonly string[]>
