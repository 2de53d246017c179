import { setTimeout as delay } from 'node:timers/promises'
import { systemCode } from '../../errors.ts'
import { PLUGIN_ERROR, PluginError } from '../../launcher/plugin-error.ts'
import { RESPONSE } from '../../launcher/protocol.ts'
import type { RequestOf } from '../../launcher/protocol-schemas.ts'
import type { Answers } from './answers.ts'
import type { LocalJob } from './job.ts'
import type { LocalJobs } from './jobs.ts'
import { OutputFollower, readTail, shareTail } from './output-follower.ts'

type OutputRequest = RequestOf<6>
type OutputType = 'stdout' | 'stderr'

/** Milliseconds between two looks for new output. */
const LOOK_EVERY = 100
/** Characters in one answer. */
const PIECE = 65_536
/** Answers that may be under way to a Launcher that tells how far it has read; it gives up a stream that is too far ahead. */
const AHEAD_MOST = 32

/** Tells what a job writes: from its beginning to its end, or only the last bytes. */
export class OutputStream {
  readonly #jobs: LocalJobs
  readonly #answers: Answers
  readonly #open = new Map<number, OutputAnswer>()

  constructor({ jobs, answers }: { jobs: LocalJobs; answers: Answers }) {
    this.#jobs = jobs
    this.#answers = answers
  }

  /** Tells it all, which may take as long as the job runs; or closes the stream. Throws PluginError. */
  async handle(request: OutputRequest): Promise<void> {
    const { requestId, acknowledged } = request
    if (request.cancel) return this.#open.get(requestId)?.close()
    if (acknowledged) return this.#open.get(requestId)?.acknowledge(acknowledged)
    const job = this.#jobs.find(request)
    const isPaced = acknowledged !== undefined
    const answer = new OutputAnswer({ answers: this.#answers, requestId, isPaced })
    this.#open.set(requestId, answer)
    try {
      if (request.tailBytes === undefined) {
        await follow(job, outputTypes(request), answer)
      } else {
        await tellTail(job, request.tailBytes, answer)
      }
      if (!answer.signal.aborted) await answer.complete()
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error
      throw new PluginError(PLUGIN_ERROR.outputNotFound, 'The output is not kept.')
    } finally {
      this.#open.delete(requestId)
    }
  }

  /** Closes all streams. */
  stop(): void {
    for (const answer of this.#open.values()) answer.close()
  }
}

/** The answers to one request for output. */
class OutputAnswer {
  readonly #answers: Answers
  readonly #requestId: number
  readonly #isPaced: boolean
  readonly #closing = new AbortController()
  #seqId = 0
  #acknowledged = 0
  #goOn = (): void => {}

  /** Paced, it waits for a Launcher that reads slowly. */
  constructor(parts: { answers: Answers; requestId: number; isPaced: boolean }) {
    this.#answers = parts.answers
    this.#requestId = parts.requestId
    this.#isPaced = parts.isPaced
  }

  /** Aborted when nobody listens any more. */
  get signal(): AbortSignal {
    return this.#closing.signal
  }

  close(): void {
    this.#closing.abort()
    this.#goOn()
  }

  /** So many answers have been read. */
  acknowledge(count: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, count)
    this.#goOn()
  }

  async tell(outputType: OutputType, output: string): Promise<void> {
    for (let begin = 0; begin < output.length; begin += PIECE) {
      await this.#send(outputType, output.slice(begin, begin + PIECE), false)
    }
  }

  async complete(): Promise<void> {
    await this.#send('mixed', '', true)
  }

  async #send(outputType: string, output: string, complete: boolean): Promise<void> {
    while (this.#isPaced && this.#seqId - this.#acknowledged >= AHEAD_MOST) {
      if (this.signal.aborted) return
      await new Promise<void>((resolve) => (this.#goOn = resolve))
    }
    const fields = {
      messageType: RESPONSE.output,
      seqId: this.#seqId++,
      ...(this.#isPaced && { acknowledge: true }),
    }
    await this.#answers.send(this.#requestId, { ...fields, output, outputType, complete })
  }
}

async function follow(
  job: LocalJob,
  types: readonly OutputType[],
  answer: OutputAnswer,
): Promise<void> {
  const { signal } = answer
  const followers = new Map<OutputType, OutputFollower>()
  try {
    for (const type of types) followers.set(type, await OutputFollower.open(job[type]))
    for (let ended = false; !ended && !signal.aborted;) {
      // Asked first: what the job wrote before its end is there by now.
      ended = job.hasEnded
      for (const [type, follower] of followers) {
        for await (const text of follower.read()) {
          if (signal.aborted) return
          await answer.tell(type, text)
        }
      }
      if (!ended) await delay(LOOK_EVERY, undefined, { signal }).catch(() => {})
    }
  } finally {
    for (const follower of followers.values()) await follower.close()
  }
}

async function tellTail(job: LocalJob, bytes: number, answer: OutputAnswer): Promise<void> {
  const sizes = { stdout: await job.stdout.keptBytes(), stderr: await job.stderr.keptBytes() }
  const share = shareTail(sizes, bytes)
  await answer.tell('stdout', await readTail(job.stdout, share.stdout))
  await answer.tell('stderr', await readTail(job.stderr, share.stderr))
}

function outputTypes({ outputType }: OutputRequest): OutputType[] {
  return outputType === 0 ? ['stdout'] : outputType === 1 ? ['stderr'] : ['stdout', 'stderr']
}
