import {
  gossipKey,
  type Member,
  type MemberMeta,
  type MemberState,
  SwimMembership,
  type SwimMembershipParts,
} from '../../cluster/index.ts'
import { FakeNetwork } from './fake-network.ts'
import { VirtualTime } from './virtual-time.ts'

export const KEY = gossipKey('the secret of the test cluster')

export const META: MemberMeta = { version: '0.1.0', sessions: 0, load: 0, draining: false }

/** A member's parts, those that a test does not care about among them. */
export function partsOf(
  name: string,
  parts: Pick<SwimMembershipParts, 'transport'> & Partial<SwimMembershipParts>,
): SwimMembershipParts {
  return {
    name,
    bootId: `boot-of-${name}`,
    url: `http://${name}.example:8787`,
    meta: META,
    keys: [KEY],
    label: 'test',
    seeds: () => [],
    ...parts,
  }
}

/** A member as others see it. */
export function memberOf(name: string, changed: Partial<Member> = {}): Member {
  return {
    name,
    bootId: `boot-of-${name}`,
    startedAt: 1_800_000_000_000,
    address: '10.0.0.1:7946',
    url: `http://${name}.example:8787`,
    state: 'alive',
    meta: META,
    ...changed,
  }
}

/** Members on a network in memory, in virtual time; the first is the seed of all. */
export class FakeCluster {
  readonly time: VirtualTime
  readonly network: FakeNetwork
  readonly members = new Map<string, SwimMembership>()
  readonly events: string[] = []

  constructor({ time, network }: { time: VirtualTime; network: FakeNetwork }) {
    this.time = time
    this.network = network
  }

  get all(): readonly SwimMembership[] {
    return [...this.members.values()]
  }

  addressOf(name: string): string {
    return `10.0.0.${Number(name.slice(1)) + 1}:7946`
  }

  async start(
    name: string,
    {
      problem = () => {},
      ...changed
    }: Partial<SwimMembershipParts> & { problem?: (error: Error) => void } = {},
  ): Promise<SwimMembership> {
    const address = this.addressOf(name)
    const member = new SwimMembership(
      partsOf(name, {
        transport: this.network.transport(address),
        seeds: () => [this.addressOf('n0')],
        clock: this.time.clock,
        ...changed,
      }),
    )
    for (const event of ['join', 'restart', 'leave', 'fail', 'conflict'] as const) {
      member.on(event, ({ name: other }: Member) => {
        if (this.all.includes(member)) this.events.push(`${name}: ${event} ${other}`)
      })
    }
    member.on('problem', problem)
    this.members.set(name, member)
    await member.join()
    return member
  }

  async startAll(count: number, changed: Partial<SwimMembershipParts> = {}): Promise<void> {
    for (let i = 0; i < count; i++) await this.start(`n${i}`, changed)
    await this.time.until(() => this.agrees(), `${count} members that see one another alive`)
  }

  /** The process of that member dies. */
  kill(name: string): void {
    this.network.kill(this.addressOf(name))
    this.members.delete(name)
  }

  /** True if all members that run see all that run, and those alive. */
  agrees(): boolean {
    const names = [...this.members.keys()].sort().join()
    return this.all.every(
      (member) =>
        alive(member).join() === names && member.members().length === alive(member).length,
    )
  }
}

/** The names of those that this member sees alive. */
export function alive(member: SwimMembership): readonly string[] {
  return inState('alive', member)
}

/** The names of those that this member believes dead. */
export function failed(member: SwimMembership): readonly string[] {
  return inState('failed', member)
}

function inState(wanted: MemberState, member: SwimMembership): readonly string[] {
  return member
    .members()
    .filter(({ state }) => state === wanted)
    .map(({ name }) => name)
}

/** Runs a story in virtual time on a network in memory; the same seed gives the same story. */
export async function inVirtualTime(
  story: (cluster: FakeCluster, time: VirtualTime, network: FakeNetwork) => Promise<void>,
  { seed = 1 }: { seed?: number } = {},
): Promise<void> {
  const time = new VirtualTime()
  const restore = time.install(seed)
  try {
    const network = new FakeNetwork()
    await story(new FakeCluster({ time, network }), time, network)
  } finally {
    // What is under way ends in virtual time: in real time it would go on for ever.
    await time.pass(0)
    restore()
  }
}
