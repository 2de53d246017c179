import { EventEmitter } from 'node:events'
import { z } from 'zod'
import type { Activity } from './activity.ts'
import type { IdleWatch } from './idle-watch.ts'
import type { Locations } from './locations.ts'
import { isFinal, type Session } from './session.ts'
import type { Usage } from './usage.ts'

const STALE_MS = 20_000
const GATHER_MS = 200

/** What the node that holds a session knows of it beside its row; times in ms since 1970. */
export const sessionReport = z.object({
  id: z.string().max(64),
  /** Percent of one processor; null if not known. */
  cpuPercent: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  lastUsedAt: z.number(),
  /** When it will be stopped if nobody uses it and it does not compute; null if never, or not known. */
  stopsAt: z.number().nullable(),
  stopsFor: z.enum(['idle', 'age']).nullable(),
})

/** What the node that holds a session knows of it beside its row. */
export type SessionReport = Readonly<z.infer<typeof sessionReport>>

/**
 * What is known of sessions beside their rows, on whichever node they run: of this node's own by its own eyes, of the others as
 * the node told that holds them, 20 s ago at most.
 */
export class SessionReports extends EventEmitter<{ measured: [] }> {
  readonly #node: string
  readonly #usage: Usage
  readonly #activity: Activity
  readonly #watch: IdleWatch
  readonly #locations: Locations
  readonly #told = new Map<string, { readonly report: SessionReport; readonly at: number }>()
  #telling: NodeJS.Timeout | undefined

  constructor(parts: {
    /** The name of this node. */
    node: string
    usage: Usage
    activity: Activity
    watch: IdleWatch
    locations: Locations
  }) {
    super()
    this.setMaxListeners(0)
    this.#node = parts.node
    this.#usage = parts.usage
    this.#activity = parts.activity
    this.#watch = parts.watch
    this.#locations = parts.locations
    this.#usage.on('measured', () => void this.emit('measured'))
  }

  /** What is known of the session now. */
  of(session: Session): SessionReport {
    if (session.node === this.#node) return this.#own(session)
    const { id, lastUsedAt } = session
    const told = this.#told.get(id)
    if (told !== undefined && performance.now() - told.at < STALE_MS) return told.report
    const unknown = { cpuPercent: null, memoryBytes: null, stopsAt: null, stopsFor: null }
    return { id, lastUsedAt: lastUsedAt.getTime(), ...unknown }
  }

  /** The reports that this node has for the others: of each session that it holds and that has not ended. */
  own(): readonly SessionReport[] {
    return this.#locations
      .all()
      .filter(({ node, state }) => node === this.#node && !isFinal(state))
      .map((session) => this.#own(session))
  }

  /** Takes what the node `from` told; of a session that it does not hold nothing is believed. */
  take(from: string, report: SessionReport): void {
    if (this.#locations.get(report.id)?.node !== from) return
    this.#told.set(report.id, { report, at: performance.now() })
    // One telling of many sessions comes in many pieces; listeners hear of it once.
    if (this.#telling !== undefined) return
    this.#telling = setTimeout(() => {
      this.#telling = undefined
      this.emit('measured')
    }, GATHER_MS).unref()
  }

  /** Forgets a session that is gone. */
  forget(id: string): void {
    this.#told.delete(id)
  }

  #own(session: Session): SessionReport {
    const usage = isFinal(session.state) ? undefined : this.#usage.of(session)
    const ahead = isOpen(session) ? this.#watch.outlook(session) : undefined
    return {
      id: session.id,
      cpuPercent: usage?.cpuPercent ?? null,
      memoryBytes: usage?.residentBytes ?? null,
      lastUsedAt: this.#activity.lastUsed(session).getTime(),
      stopsAt: ahead?.stopsAt ?? null,
      stopsFor: ahead?.stopsFor ?? null,
    }
  }
}

function isOpen({ state, desired }: Session): boolean {
  return (state === 'Active' || state === 'Idle') && desired === 'running'
}
