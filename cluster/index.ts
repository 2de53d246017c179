export type { Clock } from './clock.ts'
export { type DatagramCounts, type Rejection, REJECTIONS } from './datagram-counts.ts'
export type { Member, MemberMeta, MemberState } from './member.ts'
export type { Membership, MembershipEvents, Seeds } from './membership.ts'
export {
  place,
  PLACEMENT_STRATEGIES,
  type PlacementRequest,
  type PlacementStrategy,
  takesSessions,
} from './placement.ts'
export { gossipKey } from './sealed-datagram.ts'
export { SingleMembership } from './single-membership.ts'
export { SwimMembership, type SwimMembershipParts } from './swim-membership.ts'
export { DEFAULT_TIMING, type Timing } from './timing.ts'
export { BindError, type Transport } from './transport.ts'
export { UdpTransport } from './udp-transport.ts'
export { MAX_META_BYTES, MetaTooLargeError } from './wire-meta.ts'
