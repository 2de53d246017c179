import { setTimeout as delay } from 'node:timers/promises'
import { PLUGIN_ERROR } from '../../launcher/plugin-error.ts'
import { REQUEST } from '../../launcher/protocol.ts'
import { controlAnswer } from '../answers.ts'
import type { Check } from '../check.ts'
import { LONG } from '../jobs.ts'
import { answerOf, errorIn, expectError } from '../message.ts'
import { outputStream } from '../streams.ts'
import { expect, NotSupported } from '../verdict.ts'

const TERMINATED = 143
const KILLED = 137
/** Milliseconds that output of a job may be under way when it is suspended, and that it then has to be still. */
const SETTLE = 1_000

/** How jobs are stopped, killed, canceled, suspended and resumed. */
export const controlChecks: readonly Check[] = [
  {
    name: 'stop',
    behaviour: 'stops a job',
    says: 'Operation 2 is SIGTERM; the job becomes Finished (Killed on some schedulers) with exit code 143.',
    async run({ jobs }) {
      const { id } = await jobs.running(LONG)
      await jobs.control(id, 'stop')
      const { status, exitCode } = await jobs.final(id)
      const became = `${status} with exit code ${exitCode ?? 'not told'}`
      const isRight = status === 'Finished' || status === 'Killed'
      expect(isRight && exitCode === TERMINATED, `A job that was stopped became ${became}.`)
    },
  },
  {
    name: 'stop-gently',
    behaviour: 'lets a job that is stopped end by itself',
    says: 'SIGTERM can be caught: the job’s own exit code is told.',
    async run({ plugin, jobs }) {
      const script = 'trap "exit 9" TERM; echo ready; while :; do sleep 0.1; done'
      const { id } = await jobs.running(script)
      const output = outputStream({ plugin, jobs }, id, 0)
      await output.until((told) => told.some((each) => each.output !== ''), 'that the job is ready')
      await jobs.control(id, 'stop')
      const { exitCode } = await jobs.final(id)
      expect(exitCode === 9, `A job that ends with code 9 when stopped ended with ${exitCode}.`)
    },
  },
  {
    name: 'kill',
    behaviour: 'kills a job that does not want to end',
    says: 'Operation 3 is SIGKILL; the job becomes Killed with exit code 137 (143 on some schedulers).',
    async run({ plugin, jobs }) {
      const { id } = await jobs.running('trap "" TERM; echo ready; while :; do sleep 0.1; done')
      const output = outputStream({ plugin, jobs }, id, 0)
      await output.until((told) => told.some((each) => each.output !== ''), 'that the job is ready')
      await jobs.control(id, 'kill')
      const { status, exitCode } = await jobs.final(id)
      expect(status === 'Killed', `A job that was killed became ${status}.`)
      const codes: (number | undefined)[] = [KILLED, TERMINATED]
      expect(codes.includes(exitCode), `Its exit code is ${exitCode ?? 'not told'}, not 137.`)
    },
  },
  {
    name: 'cancel',
    behaviour: 'cancels a job that has not begun',
    says: 'Operation 4 makes a Pending job Canceled; for one that has begun it is error 8.',
    async run({ plugin, jobs }) {
      const { id } = jobs.accepted(await plugin.ask(jobs.submission(LONG), 'a submission'))
      const answer = await jobs.tryControl(id, 'cancel')
      if (errorIn(answer)?.errorCode === PLUGIN_ERROR.invalidJobState) {
        throw new NotSupported('No job stays Pending long enough to be canceled.')
      }
      const what = 'the answer to cancel'
      const { operationComplete, statusMessage = '' } = answerOf(answer, controlAnswer, what)
      expect(operationComplete, `Cancel is not complete: “${statusMessage}”`)
      const { status } = await jobs.final(id)
      expect(status === 'Canceled', `A job that was canceled became ${status}.`)
    },
  },
  {
    name: 'suspend-resume',
    behaviour: 'suspends and resumes a job',
    says: 'Operation 0 makes a Running job Suspended, which does nothing until operation 1.',
    async run({ plugin, jobs }) {
      const { id } = await jobs.running('while :; do echo tick; sleep 0.1; done')
      const output = outputStream({ plugin, jobs }, id, 0)
      const length = () => output.told().reduce((sum, each) => sum + each.output.length, 0)
      await jobs.control(id, 'suspend')
      await jobs.reaches(id, 'Suspended')
      await delay(SETTLE)
      const before = length()
      await delay(SETTLE)
      expect(length() === before, 'A job that is Suspended still writes.')
      await jobs.control(id, 'resume')
      await jobs.reaches(id, 'Running')
      await plugin.until(() => length() > before || undefined, 'output of a job that was resumed')
    },
  },
  {
    name: 'control-state',
    behaviour: 'refuses what the state of a job does not allow',
    says: 'A running job is not canceled or resumed, an ended one not stopped, killed or suspended: error 8.',
    async run({ jobs }) {
      const running = await jobs.running(LONG)
      const ended = await jobs.ended('exit 0')
      const cases = [
        [running.id, 'running', 'cancel'],
        [running.id, 'running', 'resume'],
        [ended.id, 'ended', 'stop'],
        [ended.id, 'ended', 'kill'],
        [ended.id, 'ended', 'suspend'],
        [ended.id, 'ended', 'resume'],
        [ended.id, 'ended', 'cancel'],
      ] as const
      for (const [id, state, operation] of cases) {
        const answer = await jobs.tryControl(id, operation)
        const optional =
          operation === 'stop' || operation === 'kill' ? [] : [PLUGIN_ERROR.notSupported]
        const codes = [PLUGIN_ERROR.invalidJobState, ...optional]
        expectError(answer, codes, `${operation} of a job that is ${state}`)
      }
      await jobs.reaches(running.id, 'Running')
    },
  },
  {
    name: 'control-unknown',
    behaviour: 'refuses to control an unknown job',
    says: 'A job that is not there is error 3.',
    async run({ jobs }) {
      const answer = await jobs.tryControl('no-such-job', 'stop')
      expectError(answer, [PLUGIN_ERROR.jobNotFound], 'stop of an unknown job')
    },
  },
  {
    name: 'control-all',
    behaviour: 'refuses to control all jobs at once',
    says: 'The job id `*` is error 2 here.',
    async run({ jobs }) {
      const { id } = await jobs.running(LONG)
      const answer = await jobs.tryControl('*', 'kill')
      expectError(answer, [PLUGIN_ERROR.invalidRequest], 'kill of all jobs')
      await jobs.reaches(id, 'Running')
    },
  },
  {
    name: 'control-operation',
    behaviour: 'refuses an unknown operation',
    says: 'An operation that is none of 0 to 4 is error 2, or 1.',
    async run({ jobs }) {
      const { id } = await jobs.running(LONG)
      const answer = await jobs.ask(REQUEST.control, id, { operation: 99 })
      const codes = [PLUGIN_ERROR.invalidRequest, PLUGIN_ERROR.notSupported]
      expectError(answer, codes, 'operation 99')
      await jobs.reaches(id, 'Running')
    },
  },
]
