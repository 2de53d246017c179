import { EventEmitter } from 'node:events'
import { customAlphabet } from 'nanoid'
import { AtelierError } from '../errors.ts'
import type { Log } from '../log.ts'
import { inOrder, isShown, type NewNotice, type Notice } from './notice.ts'
import type { NoticeHints, NoticeStore } from './notice-store.ts'

const newId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 12)
/** Also without hints nothing stays unknown for longer, in ms. */
const READ_AGAIN_MS = 30_000

/** The notices, in memory, so that pages can be told of them at once; `changed` when those that are shown are others. */
export class Notices extends EventEmitter<{ changed: [] }> implements NoticeHints {
  readonly #store: NoticeStore
  readonly #log: Log
  readonly #now: () => number
  #known: readonly Notice[] = []
  #shown = ''
  #readAt = -Infinity
  #reading: Promise<void> | undefined
  #again = false

  /** `now` is in ms since 1970. */
  constructor(parts: { store: NoticeStore; log: Log; now?: () => number }) {
    super()
    this.setMaxListeners(0)
    this.#store = parts.store
    this.#log = parts.log
    this.#now = parts.now ?? (() => Date.now())
  }

  /** Those that are shown now, the worst first. */
  shown(): readonly Notice[] {
    const now = this.#now()
    return inOrder(this.#known.filter((notice) => isShown(notice, now)))
  }

  /** All there are, also of another time. */
  async listNotices(): Promise<readonly Notice[]> {
    return inOrder(await this.#store.all())
  }

  /** Tells everybody. Throws BAD_REQUEST if it ends before it begins. */
  async createNotice(by: string, notice: NewNotice): Promise<Notice> {
    checkTimes(notice.beginsAt ?? new Date(this.#now()), notice.endsAt)
    const created = await this.#store.insert(newId(), by, notice)
    await this.#read()
    return created
  }

  /** Changes it, also for those who put it away. Throws NOTICE_NOT_FOUND, and BAD_REQUEST as for a new one. */
  async changeNotice(id: string, changes: Partial<NewNotice>): Promise<Notice> {
    const before = (await this.#store.all()).find((each) => each.id === id)
    if (before === undefined) throw new AtelierError('NOTICE_NOT_FOUND')
    const { beginsAt = before.beginsAt, endsAt = before.endsAt } = changes
    checkTimes(beginsAt ?? new Date(this.#now()), endsAt)
    const changed = await this.#store.update(id, changes)
    if (changed === undefined) throw new AtelierError('NOTICE_NOT_FOUND')
    await this.#read()
    return changed
  }

  /** Takes it back. Throws NOTICE_NOT_FOUND. */
  async removeNotice(id: string): Promise<void> {
    if (!(await this.#store.remove(id))) throw new AtelierError('NOTICE_NOT_FOUND')
    await this.#read()
  }

  /** Another node has changed one. */
  changed(): void {
    this.resync()
  }

  /** Reads all of them again. */
  resync(): void {
    this.#read().catch((error: unknown) => this.#log.warn({ err: error }, 'no notices can be read'))
  }

  /** Tells of those whose time has come or is over; reads again what may have been missed. */
  async look(): Promise<void> {
    if (performance.now() - this.#readAt > READ_AGAIN_MS) await this.#read()
    this.#tell()
  }

  // A reading that is under way may have begun before the change that one is asked for.
  #read(): Promise<void> {
    if (this.#reading !== undefined) this.#again = true
    this.#reading ??= this.#readNow().finally(() => (this.#reading = undefined))
    return this.#reading
  }

  async #readNow(): Promise<void> {
    do {
      this.#again = false
      this.#known = await this.#store.current()
      this.#readAt = performance.now()
    } while (this.#again)
    this.#tell()
  }

  #tell(): void {
    const shown = this.shown()
      .map(({ id, version }) => `${id}.${version}`)
      .join()
    if (shown === this.#shown) return
    this.#shown = shown
    this.emit('changed')
  }
}

function checkTimes(beginsAt: Date, endsAt: Date | null): void {
  if (endsAt !== null && endsAt <= beginsAt) {
    throw new AtelierError('BAD_REQUEST', 'until: must be later than from.')
  }
}
