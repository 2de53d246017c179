import type { Member, Membership } from '../../cluster/index.ts'
import type { Log } from '../log.ts'

const QUIET_MS = 60_000

/** Logs what happens to the other members, each thing once; trouble that repeats itself once a minute. */
export function tellGossip(membership: Membership, log: Log): void {
  const told = new Map<string, number>()
  const fields = ({ name, address, version }: Member & { version?: string }) => ({
    node: name,
    address,
    version,
  })
  const say = (text: string) => (member: Member) =>
    log.info(fields({ ...member, version: member.meta.version }), text)
  membership.on('join', say('a node is here'))
  membership.on('restart', say('a node has started again'))
  membership.on('leave', say('a node has left'))
  membership.on('fail', (member) => log.warn({ node: member.name }, 'a node does not answer'))
  membership.on('conflict', (member) => {
    log.error({ node: member.name, address: member.address }, 'another server has this name')
  })
  membership.on('problem', (error) => {
    const now = performance.now()
    if (now - (told.get(error.message) ?? -QUIET_MS) < QUIET_MS) return
    told.set(error.message, now)
    log.warn({ err: error }, 'the gossip has a problem')
  })
}
