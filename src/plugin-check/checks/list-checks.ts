import { PLUGIN_ERROR } from '../../launcher/plugin-error.ts'
import { REQUEST } from '../../launcher/protocol.ts'
import { jobsAnswer, someFieldsAnswer } from '../answers.ts'
import type { Check, CheckParts } from '../check.ts'
import { answerOf, expectError } from '../message.ts'
import { expect } from '../verdict.ts'

const HOUR = 3_600_000

/** How jobs are found. */
export const listChecks: readonly Check[] = [
  {
    name: 'get',
    behaviour: 'tells a job by its id',
    says: 'Request 3 with an id is answered with that job alone.',
    async run({ jobs }) {
      const { id } = await jobs.submit('exit 0', { name: 'by id' })
      await jobs.submit('exit 0')
      const { jobs: told } = answerOf(await jobs.ask(REQUEST.get, id), jobsAnswer, 'one job')
      expect(told.length === 1 && told[0]?.id === id, `For one id it tells ${told.length} jobs.`)
      expect(told[0].name === 'by id', `The job’s name became ${told[0].name}.`)
    },
  },
  {
    name: 'get-unknown',
    behaviour: 'says that an unknown job is not there',
    says: 'A job that is not there is error 3.',
    async run({ jobs }) {
      const answer = await jobs.ask(REQUEST.get, 'no-such-job')
      expectError(answer, [PLUGIN_ERROR.jobNotFound], 'the question for an unknown job')
    },
  },
  {
    name: 'get-other-user',
    behaviour: 'hides the jobs of one user from others',
    says: '`username` sees jobs of its own only; for others they are not there. `*` sees all.',
    async run({ jobs }) {
      const { id } = await jobs.submit('exit 0')
      const other = { username: 'atelier-check-other', requestUsername: 'atelier-check-other' }
      const answer = await jobs.ask(REQUEST.get, id, other)
      expectError(answer, [PLUGIN_ERROR.jobNotFound], 'the question for a job of somebody else')
      expect(!(await list(jobs, other)).includes(id), 'The job is in the list of somebody else.')
      const all = await list(jobs, { username: '*', requestUsername: '*' })
      expect(all.includes(id), 'The job is not in the list of all users.')
    },
  },
  {
    name: 'list-tags',
    behaviour: 'lists the jobs that have all of some tags',
    says: '`tags` are joined by AND.',
    async run({ bench, jobs }) {
      const tags = ['a', 'b'].map((letter) => `${bench.mark}-tags-${letter}`)
      const both = await jobs.submit('exit 0', { tags })
      const one = await jobs.submit('exit 0', { tags: tags.slice(0, 1) })
      expectIds(await list(jobs, { tags }), [both.id], 'with both of two tags')
      expectIds(await list(jobs, { tags: tags.slice(0, 1) }), [both.id, one.id], 'with one tag')
      expectIds(await list(jobs, { tags: [`${bench.mark}-none`] }), [], 'with a tag of no job')
    },
  },
  {
    name: 'list-statuses',
    behaviour: 'lists the jobs that have one of some statuses',
    says: '`statuses` are joined by OR; together with other filters by AND.',
    async run({ bench, jobs }) {
      const tags = [`${bench.mark}-statuses`]
      const running = await jobs.running(undefined, { tags })
      const finished = await jobs.ended('exit 0', { tags })
      const by = (...statuses: string[]) => list(jobs, { tags, statuses })
      expectIds(await by('Running'), [running.id], 'that are Running')
      expectIds(await by('Finished', 'Failed'), [finished.id], 'that are Finished or Failed')
      expectIds(await by('Running', 'Finished'), [running.id, finished.id], 'of either status')
      expectIds(await by('Suspended'), [], 'that are Suspended')
    },
  },
  {
    name: 'list-times',
    behaviour: 'lists the jobs that were submitted at some time',
    says: '`startTime` and `endTime` bound the time of submission; either may be missing.',
    async run({ bench, jobs }) {
      const tags = [`${bench.mark}-times`]
      const { id } = await jobs.submit('exit 0', { tags })
      const at = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString()
      const by = (filter: object) => list(jobs, { tags, ...filter })
      expectIds(await by({ startTime: at(-1) }), [id], 'since an hour ago')
      expectIds(await by({ startTime: at(1) }), [], 'from an hour from now')
      expectIds(await by({ endTime: at(1) }), [id], 'before an hour from now')
      expectIds(await by({ endTime: at(-1) }), [], 'before an hour ago')
      expectIds(await by({ startTime: at(-1), endTime: at(1) }), [id], 'within an hour of now')
    },
  },
  {
    name: 'list-fields',
    behaviour: 'tells only the fields that are asked for',
    says: '`fields` are those that are told, beside the id, which always is.',
    async run({ bench, jobs }) {
      const tags = [`${bench.mark}-fields`]
      const { id } = await jobs.submit('exit 0', { tags })
      const filter = { tags, fields: ['name', 'user'] }
      const answers = [
        await jobs.ask(REQUEST.get, '*', filter),
        await jobs.ask(REQUEST.get, id, filter),
      ]
      for (const answer of answers) {
        const { jobs: told } = answerOf(answer, someFieldsAnswer, 'jobs with some fields')
        const keys = told.map((job) => Object.keys(job).sort().join(' ')).join(', ')
        expect(told[0]?.id === id && keys === 'id name user', `Of name and user it tells ${keys}.`)
        expect(told[0]['user'] === bench.user, 'The fields are not those of the job.')
      }
    },
  },
]

/** The ids of the jobs that a filter finds. */
async function list(jobs: CheckParts['jobs'], filter: object): Promise<string[]> {
  const answer = answerOf(await jobs.ask(REQUEST.get, '*', filter), jobsAnswer, 'a list of jobs')
  return answer.jobs.map(({ id }) => id)
}

function expectIds(told: readonly string[], wanted: readonly string[], which: string): void {
  const isSame = [...told].sort().join() === [...wanted].sort().join()
  expect(
    isSame,
    `Of jobs ${which} it lists ${told.length}, not the ${wanted.length} that there are.`,
  )
}
