import type { SignIns } from '../auth/sign-ins.ts'
import type { Task } from './task.ts'

/** Ends what goes on in the name of people whose sign-in is over, or who may not be here any more. */
export class EndSignIns implements Task {
  readonly name = 'end-sign-ins'
  readonly period = 15_000
  readonly #signIns: Pick<SignIns, 'endOver'>

  constructor({ signIns }: { signIns: Pick<SignIns, 'endOver'> }) {
    this.#signIns = signIns
  }

  async activate(signal: AbortSignal): Promise<void> {
    await this.#signIns.endOver(signal)
  }
}
