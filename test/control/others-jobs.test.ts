import t from 'tap'
import { jobFor, jobsOf } from '../../src/control/others-jobs.ts'
import { AtelierError } from '../../src/errors.ts'
import { workbenchJob } from '../fixtures/job.ts'

const ann = { user: 'ann', role: 'user', scopes: ['read', 'jobs', 'admin'] } as const
const root = { user: 'root', role: 'administrator', scopes: ['read', 'jobs', 'admin'] } as const
const reader = { ...root, scopes: ['read', 'jobs'] } as const

t.test('users list their own jobs, and administrators those of others', async (t) => {
  t.equal(jobsOf(ann), 'ann')
  t.equal(jobsOf(ann, 'ann'), 'ann')
  t.equal(jobsOf(root, 'ann'), 'ann')
  t.equal(jobsOf(root, '*'), undefined, 'those of all')
  t.equal(jobsOf(root, 'root'), 'root')
  t.throws(() => jobsOf(ann, 'bob'), { code: 'ADMINISTRATORS_ONLY' })
  t.throws(() => jobsOf(ann, '*'), { code: 'ADMINISTRATORS_ONLY' })
  t.throws(() => jobsOf(reader, '*'), { code: 'FORBIDDEN_SCOPE' })
})

t.test('users look at and stop their own jobs, and administrators those of others', async (t) => {
  const job = workbenchJob({ user: 'ann' })
  const jobs = {
    getJob: async (user: string) => {
      if (user !== job.user) throw new AtelierError('JOB_NOT_FOUND')
      return job
    },
    findJob: async () => job,
  }
  t.equal(await jobFor(jobs, ann, job.id), job)
  t.equal(await jobFor(jobs, root, job.id), job)
  await t.rejects(jobFor(jobs, { ...ann, user: 'bob' }, job.id), { code: 'JOB_NOT_FOUND' })
  await t.rejects(jobFor(jobs, reader, job.id), { code: 'JOB_NOT_FOUND' })
})
