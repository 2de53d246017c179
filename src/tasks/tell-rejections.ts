import { type Membership, type Rejection, REJECTIONS } from '../../cluster/index.ts'
import type { Log } from '../log.ts'
import type { Task } from './task.ts'

/** What an operator may do about datagrams that were rejected for these reasons. */
const MENDS: Partial<Record<Rejection, string>> = {
  'unknown-key': 'Another node may have another cluster key or gossip key; compare their files.',
  'bad-seal': 'A node of another cluster may have the same key, or somebody tries to intrude.',
  'wrong-time': 'The clock of another server may be wrong; set it by a time server (NTP).',
}

/** Logs once a minute how many datagrams of the gossip were rejected since, and why. */
export class TellRejections implements Task {
  readonly name = 'tell-rejections'
  readonly period = 60_000
  readonly #membership: Pick<Membership, 'counts'>
  readonly #log: Log
  readonly #told = new Map<Rejection, number>()

  constructor(parts: { membership: Pick<Membership, 'counts'>; log: Log }) {
    this.#membership = parts.membership
    this.#log = parts.log
  }

  async activate(): Promise<void> {
    const { rejected } = this.#membership.counts()
    for (const reason of REJECTIONS) {
      const datagrams = rejected[reason] - (this.#told.get(reason) ?? 0)
      this.#told.set(reason, rejected[reason])
      if (datagrams === 0) continue
      this.#log.warn({ reason, datagrams, mend: MENDS[reason] }, 'datagrams were rejected')
    }
  }
}
