import type { Update } from './datagram-schema.ts'
import { type Member, type MemberState, sameMember } from './member.ts'
import type { MembershipEvents } from './membership.ts'
import { metaFromWire } from './wire-meta.ts'

const ALIVE = 0
const SUSPECT = 1
const GONE = 2
const LEAVING_SOON = 1

/** Members by name. */
export type View = ReadonlyMap<string, Member>

/** One thing that happened between two views. */
export type Change = {
  [Event in 'join' | 'update' | 'restart' | 'leave' | 'fail']: {
    readonly event: Event
    readonly args: MembershipEvents[Event]
  }
}[keyof Pick<MembershipEvents, 'join' | 'update' | 'restart' | 'leave' | 'fail'>]

/**
 * The members behind these records of addresses. Of several addresses with one name the one that is there counts, else the
 * one that started last. Without those that have left.
 */
export function viewOf(records: readonly Update[]): View {
  const latest = new Map<string, Update>()
  for (const record of records) {
    const known = latest.get(record.meta.n)
    if (!known || supersedes(record, known)) latest.set(record.meta.n, record)
  }
  return new Map(
    [...latest]
      .filter(([, record]) => !hasLeft(record))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, record]) => [name, memberOf(record)]),
  )
}

/** The member that a record tells of. */
export function memberOf(record: Update): Member {
  const { host, meta } = record
  return {
    name: meta.n,
    bootId: meta.b,
    startedAt: meta.t,
    address: host,
    url: meta.u,
    state: stateOf(record),
    meta: metaFromWire(meta),
  }
}

/** True if the member has told that it is gone. */
export function hasLeft({ state, meta }: Update): boolean {
  return state === GONE && meta.g !== undefined && meta.g !== LEAVING_SOON
}

/** What has happened to members between the two views, in the order of their names. */
export function changesBetween(before: View, after: View): readonly Change[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort()
  return names.flatMap((name) => changeOf(before.get(name), after.get(name)) ?? [])
}

function changeOf(before: Member | undefined, after: Member | undefined): Change | undefined {
  if (!after) {
    // A failed member that is forgotten at last has not left.
    return before && before.state !== 'failed' ? { event: 'leave', args: [before] } : undefined
  }
  if (!before || before.state === 'failed') {
    return after.state === 'failed' ? undefined : { event: 'join', args: [after] }
  }
  if (after.state === 'failed') return { event: 'fail', args: [after] }
  if (after.bootId !== before.bootId) return { event: 'restart', args: [after, before] }
  return sameMember(before, after) ? undefined : { event: 'update', args: [after, before] }
}

function supersedes(record: Update, known: Update): boolean {
  const isHere = record.state !== GONE
  if (isHere !== (known.state !== GONE)) return isHere
  if (record.meta.t !== known.meta.t) return record.meta.t > known.meta.t
  return record.host < known.host
}

function stateOf({ state, meta }: Update): MemberState {
  if (state === SUSPECT) return 'suspect'
  if (state !== ALIVE) return 'failed'
  return meta.g === undefined ? 'alive' : 'leaving'
}
