import type { Notices } from '../notices/notices.ts'
import type { Task } from './task.ts'

/** Tells of notices whose time has come or is over. */
export class TellNotices implements Task {
  readonly name = 'tell-notices'
  readonly period = 1000
  readonly #notices: Pick<Notices, 'look'>

  constructor({ notices }: { notices: Pick<Notices, 'look'> }) {
    this.#notices = notices
  }

  /** From memory, but for a reading now and then. */
  async activate(): Promise<void> {
    await this.#notices.look()
  }
}
