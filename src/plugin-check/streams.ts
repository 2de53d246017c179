import { REQUEST } from '../launcher/protocol.ts'
import type { z } from 'zod'
import { outputAnswer, statusAnswer, usageAnswer } from './answers.ts'
import type { Conversation } from './conversation.ts'
import type { Jobs } from './jobs.ts'
import { answerOf, type Message, type Question } from './message.ts'
import { expect } from './verdict.ts'

/** The answers to one request that has many. */
export class AnswerStream<S extends z.ZodType> {
  readonly requestId: number
  readonly #plugin: Conversation
  readonly #question: Question
  readonly #schema: S
  readonly #what: string

  /** Sends the request. */
  constructor(parts: { plugin: Conversation; question: Question; schema: S; what: string }) {
    this.#plugin = parts.plugin
    this.#question = parts.question
    this.#schema = parts.schema
    this.#what = parts.what
    this.requestId = parts.plugin.send({ ...parts.question, cancel: false })
  }

  /** What has come so far. Throws CheckFailure if it is not what it should be, NotSupported if the plugin says so. */
  told(): z.output<S>[] {
    return this.raw().map((message) => answerOf(message, this.#schema, this.#what))
  }

  /** What has come so far, as it was said. */
  raw(): readonly Message[] {
    return this.#plugin.answers(this.requestId)
  }

  /** Waits until what has come is as `isIt` wants it. */
  async until(isIt: (told: z.output<S>[]) => boolean, what: string): Promise<z.output<S>[]> {
    return this.#plugin.until(() => {
      const told = this.told()
      return isIt(told) ? told : undefined
    }, what)
  }

  /** Closes the stream, as a Launcher does. */
  cancel(): void {
    this.#plugin.sendAs(this.requestId, { ...this.#question, cancel: true })
  }
}

/** Parts that streams are made of. */
export interface StreamParts {
  readonly plugin: Conversation
  readonly jobs: Jobs
}

/** The status of a job, or of all (`*`); `more` are other fields of the request. */
export function statusStream({ plugin, jobs }: StreamParts, id: string, more: object = {}) {
  const question = jobs.about(REQUEST.status, id, more)
  return new AnswerStream({ plugin, question, schema: statusAnswer, what: 'a job status' })
}

/** What a job uses. */
export function usageStream({ plugin, jobs }: StreamParts, id: string) {
  const question = jobs.about(REQUEST.usage, id)
  return new AnswerStream({ plugin, question, schema: usageAnswer, what: 'what a job uses' })
}

/** What a job writes: 0 stdout, 1 stderr, 2 both. */
export function outputStream({ plugin, jobs }: StreamParts, id: string, outputType: 0 | 1 | 2) {
  const question = jobs.about(REQUEST.output, id, { outputType })
  return new AnswerStream({ plugin, question, schema: outputAnswer, what: 'output of a job' })
}

/** All that a job has written, once the stream says that it is complete. */
export async function wholeOutput(
  parts: StreamParts,
  id: string,
  outputType: 0 | 1 | 2,
): Promise<string> {
  const stream = outputStream(parts, id, outputType)
  const told = await stream.until((all) => all.at(-1)?.complete === true, 'the end of the output')
  const before = told.slice(0, -1)
  expect(!before.some(({ complete }) => complete), 'The output goes on after `complete`.')
  return told.map(({ output }) => output).join('')
}

/** Fails unless these numbers count up one by one, from 0 or from 1 as Posit's SDKs do. */
export function expectCounting(numbers: readonly number[], what: string): void {
  const [first = 0] = numbers
  const counts = first <= 1 && numbers.every((number, index) => number === first + index)
  expect(counts, `${what} do not count up one by one but are ${numbers.join(', ')}.`)
}
