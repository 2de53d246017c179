import { until } from '../../test/fixtures/until.ts'
import { BenchMember } from './bench-member.ts'
import type { GossipContender } from './gossip-contenders.ts'
import type { Sighting } from './reports.ts'
import { falseDeaths, seesAlive, type Spread, spreadOf } from './sightings.ts'

/** So many start at a time: 50 at once on two processors would take each other for dead before they have begun. */
const STARTS_AT_A_TIME = 4
const AGREE_MS = 180_000

/** Members of one contender, each a process; the first is the seed of all and lives as long as the cluster. */
export class BenchCluster {
  readonly #contender: GossipContender
  readonly #members: BenchMember[] = []
  readonly #past: BenchMember[] = []
  #seed = ''
  #started = 0

  private constructor(contender: GossipContender) {
    this.#contender = contender
  }

  /** Starts so many members; they all see each other then. */
  static async start(contender: GossipContender, size: number): Promise<BenchCluster> {
    const cluster = new BenchCluster(contender)
    cluster.#seed = (await (await cluster.add()).joined()).address
    while (cluster.#members.length < size) {
      const missing = Math.min(STARTS_AT_A_TIME, size - cluster.#members.length)
      const added = Array.from({ length: missing }, () => cluster.add())
      for (const member of await Promise.all(added)) await member.joined()
    }
    await cluster.agreed()
    return cluster
  }

  get members(): readonly BenchMember[] {
    return this.#members
  }

  /** How often a living member was taken for dead so far. */
  get falseDeaths(): number {
    return falseDeaths(
      [...this.#members, ...this.#past].map(({ seen }) => seen),
      this.#members.map(({ name }) => name),
    )
  }

  /** Waits until every member sees every other alive. Throws if that takes minutes. */
  async agreed(): Promise<void> {
    const names = this.#members.map(({ name }) => name)
    await until(
      () => {
        this.#requireRunning()
        return this.#members.every(({ seen, name }) =>
          seesAlive(
            seen,
            names.filter((each) => each !== name),
          ),
        )
      },
      AGREE_MS,
      `${names.length} members of ${this.#contender.name} to see each other`,
    )
  }

  /** Takes a random member out of the cluster, never the seed; it runs on until it is killed. */
  takeOut(): BenchMember {
    const member = this.random()
    this.#members.splice(this.#members.indexOf(member), 1)
    this.#past.push(member)
    return member
  }

  /** A random member, never the seed. Throws if there is only the seed. */
  random(): BenchMember {
    const index = 1 + Math.floor(Math.random() * (this.#members.length - 1))
    const member = this.#members[index]
    if (!member) throw new Error('a cluster of one has no other members')
    return member
  }

  /** Starts another member; its process runs then, and may not have joined yet. */
  async add(): Promise<BenchMember> {
    const name = `n${this.#started++}`
    const member = new BenchMember(name, await this.#contender.start(name, this.#seed))
    this.#members.push(member)
    return member
  }

  /** How long after `since` all members but one of this name saw something. Throws if it takes minutes. */
  async spread(
    name: string,
    since: number,
    isIt: (sighting: Sighting) => boolean,
  ): Promise<Spread> {
    const observers = this.#members.filter((member) => member.name !== name)
    return until(
      () => {
        this.#requireRunning()
        return spreadOf(
          observers.map(({ seen }) => seen),
          since,
          (sighting) => sighting.name === name && isIt(sighting),
        )
      },
      AGREE_MS,
      `news of ${name} to reach ${observers.length} members of ${this.#contender.name}`,
    )
  }

  /** Ends all its processes. */
  stop(): void {
    for (const member of this.#members) member.kill()
  }

  #requireRunning(): void {
    for (const member of this.#members) member.requireRunning()
  }
}
