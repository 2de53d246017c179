import { JOB_STATUSES } from '../../launcher/job.ts'
import { PLUGIN_ERROR } from '../../launcher/plugin-error.ts'
import { REQUEST } from '../../launcher/protocol.ts'
import type { Check } from '../check.ts'
import { expectError } from '../message.ts'
import { expectCounting, statusStream } from '../streams.ts'
import { expect } from '../verdict.ts'

/** How the status of jobs is told. */
export const statusChecks: readonly Check[] = [
  {
    name: 'status-present',
    behaviour: 'tells the present status of a job first',
    says: 'A status stream begins with the status that the job has.',
    async run({ plugin, jobs }) {
      for (const script of ['exec sleep 300', 'exit 0']) {
        const { id, status } = script === 'exit 0' ? await jobs.ended(script) : await jobs.running()
        const [first] = await statusStream({ plugin, jobs }, id).until(
          (told) => told.length > 0,
          'the present status of a job',
        )
        expect(
          first?.id === id && first.status === status,
          `Of a job that is ${status} it tells ${first?.status}.`,
        )
      }
    },
  },
  {
    name: 'status-changes',
    behaviour: 'tells each new status of a job',
    says: 'Pending, Running and then a final one: a job goes no step back.',
    async run({ plugin, jobs }) {
      const { id } = await jobs.submit('sleep 0.5')
      const told = await statusStream({ plugin, jobs }, id).until(
        (all) => all.some(({ status }) => status === 'Finished'),
        'the status Finished',
      )
      const places = told.map(({ status }) => JOB_STATUSES.indexOf(status))
      const goesOn = places.every((place, index) => place >= (places[index - 1] ?? 0))
      const way = told.map(({ status }) => status).join(', ')
      expect(goesOn && told.every((each) => each.id === id), `It tells ${way}.`)
      expect(
        told.some(({ status }) => status === 'Running'),
        `That the job runs is not told: ${way}.`,
      )
    },
  },
  {
    name: 'status-all',
    behaviour: 'tells of all jobs in one stream, also of those that are submitted later',
    says: 'The job id `*` stands for all jobs of the user, the user `*` for those of all.',
    async run({ plugin, jobs }) {
      const before = await jobs.running()
      const streams = [
        statusStream({ plugin, jobs }, '*'),
        statusStream({ plugin, jobs }, '*', { username: '*', requestUsername: '*' }),
      ]
      const later = await jobs.submit('exit 0')
      for (const stream of streams) {
        await stream.until((told) => {
          const tells = (id: string, wanted: string) =>
            told.some((each) => each.id === id && each.status === wanted)
          return tells(before.id, 'Running') && tells(later.id, 'Finished')
        }, 'a status of each job')
        stream.cancel()
      }
    },
  },
  {
    name: 'status-sequence',
    behaviour: 'numbers the answers of each status stream',
    says: 'A status has `sequences`: for each request that it answers its id and its own `seqId`.',
    async run({ plugin, jobs }) {
      const { id } = await jobs.running('sleep 0.5')
      const streams = [1, 2].map(() => statusStream({ plugin, jobs }, id))
      for (const stream of streams) {
        const told = await stream.until(
          (all) => all.some(({ status }) => status === 'Finished'),
          'the status Finished for each who listens',
        )
        const numbers = told.flatMap(({ sequences }) =>
          sequences.filter((each) => each.requestId === stream.requestId).map(({ seqId }) => seqId),
        )
        expectCounting(numbers, 'The `seqId` of a status stream')
      }
    },
  },
  {
    name: 'status-cancel',
    behaviour: 'tells nothing more once a status stream is closed',
    says: 'The same request with `cancel: true` closes its stream, and no other.',
    async run({ plugin, jobs }) {
      const { id } = await jobs.running()
      const closed = statusStream({ plugin, jobs }, id)
      const open = statusStream({ plugin, jobs }, id)
      for (const stream of [closed, open]) {
        await stream.until((told) => told.length > 0, 'the present status of a job')
      }
      closed.cancel()
      await jobs.get(id)
      const before = closed.raw().length
      await jobs.control(id, 'kill')
      await open.until(
        (told) => told.some(({ status }) => status === 'Killed' || status === 'Finished'),
        'the end of a job for who still listens',
      )
      expect(closed.raw().length === before, 'A stream goes on after it was closed.')
    },
  },
  {
    name: 'status-unknown',
    behaviour: 'has no status of an unknown job',
    says: 'The status of a job that is not there is error 3.',
    async run({ jobs }) {
      const answer = await jobs.ask(REQUEST.status, 'no-such-job', { cancel: false })
      const what = 'the question for the status of an unknown job'
      expectError(answer, [PLUGIN_ERROR.jobNotFound], what)
    },
  },
]
