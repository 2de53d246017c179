import { createInterface } from 'node:readline'
import { until } from '../../test/fixtures/until.ts'
import type { Program } from '../processes.ts'
import { type Order, parseReport, type Report, type Sighting } from './reports.ts'

/** A member process of a gossip benchmark, and what it has reported. */
export class BenchMember {
  readonly name: string
  readonly #program: Program
  readonly #seen: Sighting[] = []
  readonly #answers: Report[] = []

  constructor(name: string, program: Program) {
    this.name = name
    this.#program = program
    const { stdout } = program.child
    if (!stdout) throw new Error('a member without output cannot report')
    createInterface({ input: stdout }).on('line', (line) => {
      const report = parseReport(line)
      if (report.type === 'saw') this.#seen.push(report)
      else this.#answers.push(report)
    })
  }

  /** All that it has seen of others, in order. */
  get seen(): readonly Sighting[] {
    return this.#seen
  }

  /** The moment at which it asked to join, and where it is reached. */
  async joined(): Promise<Extract<Report, { type: 'joined' }>> {
    return this.#answer('joined')
  }

  /** Bytes sent so far. */
  async counts(): Promise<Extract<Report, { type: 'counts' }>> {
    this.#tell('counts')
    return this.#answer('counts')
  }

  /** Has it tell the others another version; answers when it began with that. */
  async tellVersion(version: string): Promise<number> {
    this.#tell(`meta ${version}`)
    return (await this.#answer('meta')).at
  }

  /** Has it say good-bye; answers when it began with that. */
  async leave(): Promise<number> {
    this.#tell('leave')
    return (await this.#answer('leave')).at
  }

  /** CPU time so far, in microseconds. Throws if it has ended. */
  cpuMicroseconds(): number {
    return this.#program.cpuMicroseconds()
  }

  /** Throws, with what it wrote last, if it has ended. */
  requireRunning(): void {
    this.#program.requireRunning()
  }

  /** kill -9. Answers when, in milliseconds since 1970. */
  kill(): number {
    const at = Date.now()
    this.#program.stop()
    return at
  }

  #tell(order: Order): void {
    this.#program.child.stdin?.write(`${order}\n`)
  }

  async #answer<Type extends Report['type']>(type: Type): Promise<Extract<Report, { type: Type }>> {
    return until(
      () => {
        this.requireRunning()
        const index = this.#answers.findIndex((report) => report.type === type)
        const [answer] = index < 0 ? [] : this.#answers.splice(index, 1)
        return answer as Extract<Report, { type: Type }> | undefined
      },
      60_000,
      `${type} of ${this.name}`,
    )
  }
}
