import { setTimeout as delay } from 'node:timers/promises'
import { JOB_OPERATIONS, isFinalStatus, type JobOperation } from '../launcher/job.ts'
import { PLUGIN_ERROR } from '../launcher/plugin-error.ts'
import { REQUEST } from '../launcher/protocol.ts'
import { controlAnswer, jobsAnswer, type ToldJob } from './answers.ts'
import type { Bench } from './bench.ts'
import type { Conversation } from './conversation.ts'
import { answerOf, errorIn, type Message, type Question } from './message.ts'
import { CheckFailure, expect } from './verdict.ts'

/** Milliseconds between two questions for the state of a job. */
const ASK_EVERY = 100

/** A job that runs until it is ended, and some minutes where a plugin fails to end it. */
export const LONG = 'exec sleep 300'

/** Submits jobs and asks for them as the account of the bench does. */
export class Jobs {
  readonly #bench: Bench
  readonly #plugin: Conversation
  readonly #submitted = new Set<string>()

  constructor({ bench, plugin }: { bench: Bench; plugin: Conversation }) {
    this.#bench = bench
    this.#plugin = plugin
  }

  /** The request that submits a job which /bin/sh runs; `more` are other fields of it. */
  submission(script: string, more: object = {}): Question {
    const { user, mark, pluginName, image } = this.#bench
    const job = {
      user,
      name: 'check',
      cluster: pluginName,
      exe: '/bin/sh',
      args: ['-c', script],
      workingDirectory: '/',
      environment: [],
      tags: [mark],
      ...(image === undefined ? {} : { container: { image } }),
      ...more,
    }
    return { messageType: REQUEST.submit, ...this.#asUser, job }
  }

  /** Submits a job that /bin/sh runs. Throws CheckFailure if there is not one in the answer. */
  async submit(script: string, more: object = {}): Promise<ToldJob> {
    const answer = await this.#plugin.ask(this.submission(script, more), 'a submission')
    return this.accepted(answer)
  }

  /** The job in the answer to a submission, which is ended with the check. */
  accepted(answer: Message): ToldJob {
    const { jobs } = answerOf(answer, jobsAnswer, 'the state of a submitted job')
    const [job, ...others] = jobs
    expect(
      job !== undefined && others.length === 0,
      'Not one job is in the answer to one submission.',
    )
    this.#submitted.add(job.id)
    return job
  }

  /** Submits a job and waits until it runs. */
  async running(script = LONG, more: object = {}): Promise<ToldJob> {
    const { id } = await this.submit(script, more)
    return this.reaches(id, 'Running')
  }

  /** Submits a job and waits until it has ended. */
  async ended(script: string, more: object = {}): Promise<ToldJob> {
    const { id } = await this.submit(script, more)
    return this.final(id)
  }

  /** The state of a job. */
  async get(id: string): Promise<ToldJob> {
    const answer = await this.ask(REQUEST.get, id)
    const { jobs } = answerOf(answer, jobsAnswer, 'the state of a job')
    const [job] = jobs
    expect(job !== undefined, `The answer to the question for ${id} has no job.`)
    expect(job.id === id, `Asked for ${id} it tells of ${job.id}.`)
    return job
  }

  /** Waits until a job has this status. Throws CheckFailure if it ends in another one. */
  async reaches(id: string, status: ToldJob['status']): Promise<ToldJob> {
    return this.#when(id, `the status ${status} of a job`, (job) => {
      if (job.status === status) return true
      if (!isFinalStatus(job.status)) return false
      const { statusMessage = '', exitCode } = job
      const about = [statusMessage, exitCode === undefined ? '' : `exit code ${exitCode}`]
      const more = about.filter((text) => text !== '').join(', ')
      throw new CheckFailure(`A job that should be ${status} is ${job.status} (${more}).`)
    })
  }

  /** Waits until a job has a final status. */
  async final(id: string): Promise<ToldJob> {
    return this.#when(id, 'the end of a job', ({ status }) => isFinalStatus(status))
  }

  /** Does something to a job. Throws CheckFailure unless it is done, NotSupported if the plugin says so. */
  async control(id: string, operation: JobOperation): Promise<void> {
    const answer = answerOf(await this.tryControl(id, operation), controlAnswer, `a ${operation}`)
    const { operationComplete, statusMessage = '' } = answer
    expect(operationComplete, `To ${operation} it says that it is not complete: “${statusMessage}”`)
  }

  /** Asks for something to be done to a job, and answers what the plugin says. */
  async tryControl(id: string, operation: JobOperation): Promise<Message> {
    return this.ask(REQUEST.control, id, { operation: JOB_OPERATIONS.indexOf(operation) })
  }

  /** A request about a job. */
  about(messageType: number, jobId: string, more: object = {}): Question {
    return { messageType, ...this.#asUser, jobId, encodedJobId: jobId, ...more }
  }

  /** The first answer to a request about a job. */
  async ask(messageType: number, jobId: string, more: object = {}): Promise<Message> {
    const what = `request ${messageType} about ${jobId === '*' ? 'all jobs' : 'a job'}`
    return this.#plugin.ask(this.about(messageType, jobId, more), what)
  }

  /** Ends what still runs of what was submitted, as far as the plugin does it. */
  async clear(): Promise<void> {
    for (const id of this.#submitted) {
      if (this.#plugin.ending !== undefined) return
      const answer = await this.tryControl(id, 'kill')
      if (errorIn(answer)?.errorCode === PLUGIN_ERROR.invalidJobState) {
        const { status } = await this.get(id)
        if (status === 'Pending') await this.tryControl(id, 'cancel')
      }
    }
  }

  get #asUser(): object {
    return { username: this.#bench.user, requestUsername: this.#bench.user }
  }

  async #when(id: string, what: string, isIt: (job: ToldJob) => boolean): Promise<ToldJob> {
    const deadline = performance.now() + this.#bench.timeout
    for (;;) {
      const job = await this.get(id)
      if (isIt(job)) return job
      const seconds = this.#bench.timeout / 1000
      expect(
        performance.now() < deadline,
        `There was not ${what} within ${seconds} s; it is ${job.status}.`,
      )
      await delay(ASK_EVERY)
    }
  }
}
