import t from 'tap'
import { nextJobStep, type JobFacts, type SeenJob } from '../../src/jobs/next-job-step.ts'
import { FORGOTTEN, noAnswerSentence, NOT_KNOWN } from '../../src/jobs/job-sentences.ts'
import type { WorkbenchJob } from '../../src/jobs/workbench-job.ts'
import { launcherJob, workbenchJob } from '../fixtures/job.ts'

const NOW = Date.parse('2026-01-01T13:00:00Z')
const HANDED = { submittedAt: new Date(NOW - 60_000) }
const RUNNING = {
  ...HANDED,
  jobId: 'L1',
  host: 'server-1',
  state: 'Running',
  startedAt: new Date(NOW - 50_000),
} as const
const STOPPED = { desired: 'stopped', reason: 'Its owner asked it to stop.' } as const
const AWAY = noAnswerSentence(null)
const seen = launcherJob()

const facts: JobFacts = {
  now: NOW,
  draining: false,
  submitAgainWithin: 3_600_000,
  stoppingFor: undefined,
  stopTimeout: 15_000,
}

type Row = readonly [
  when: string,
  job: Partial<WorkbenchJob>,
  seen: SeenJob,
  step: object,
  facts?: Partial<JobFacts>,
]

const TABLE: readonly Row[] = [
  ['waits and the Launcher answers', {}, 'none', { do: 'hand-over' }],
  [
    'waits and the Launcher is away',
    {},
    'unknown',
    { do: 'set', changes: { reason: AWAY, standsAside: true } },
  ],
  ['waits and says so already', { reason: AWAY }, 'unknown', { do: 'nothing' }],
  ['waits on a node that is drained', {}, 'none', { do: 'move' }, { draining: true }],
  ['waits on one whose Launcher is away too', {}, 'unknown', { do: 'move' }, { draining: true }],
  ['waits and is wanted no more', STOPPED, 'none', { do: 'end', changes: { state: 'Canceled' } }],

  ['was handed over and never arrived', HANDED, 'none', { do: 'submit' }],
  ['the same on a node that is drained', HANDED, 'none', { do: 'submit' }, { draining: true }],
  [
    'was handed over too long ago',
    HANDED,
    'none',
    { do: 'end', changes: { state: 'Failed', reason: NOT_KNOWN } },
    { submitAgainWithin: 60_000 },
  ],
  [
    'was handed over, never arrived and is wanted no more',
    { ...HANDED, ...STOPPED },
    'none',
    { do: 'end', changes: { state: 'Canceled' } },
  ],
  [
    'was handed over and the Launcher is away',
    HANDED,
    'unknown',
    { do: 'set', changes: { reason: AWAY } },
  ],
  ['runs and the Launcher is away', RUNNING, 'unknown', { do: 'nothing' }],
  ['is lost and the Launcher is away', { ...RUNNING, state: 'Lost' }, 'unknown', { do: 'nothing' }],
  [
    'runs and the Launcher has forgotten it',
    RUNNING,
    'none',
    { do: 'end', changes: { state: 'Failed', reason: FORGOTTEN } },
  ],

  [
    'is first seen in the queue',
    HANDED,
    launcherJob({ status: 'Pending', host: '', statusMessage: 'Waits for memory.' }),
    { do: 'set', changes: { jobId: 'L1', reason: 'Waits for memory.' } },
  ],
  [
    'is first seen running',
    HANDED,
    seen,
    {
      do: 'set',
      changes: {
        jobId: 'L1',
        host: 'server-1',
        state: 'Running',
        startedAt: new Date('2026-01-01T12:00:02Z'),
      },
    },
  ],
  ['runs on', RUNNING, seen, { do: 'nothing' }],
  [
    'is suspended',
    RUNNING,
    launcherJob({ status: 'Suspended' }),
    { do: 'set', changes: { state: 'Suspended' } },
  ],
  [
    'goes on after it was suspended',
    { ...RUNNING, state: 'Suspended' },
    seen,
    { do: 'set', changes: { state: 'Running' } },
  ],
  [
    'was lost and runs',
    { ...RUNNING, state: 'Lost', reason: 'Its server is lost.' },
    seen,
    { do: 'set', changes: { state: 'Running', reason: null } },
  ],
  [
    'was lost and has ended',
    { ...RUNNING, state: 'Lost', reason: 'Its server is lost.' },
    launcherJob({ status: 'Finished', exitCode: 0 }),
    { do: 'end', changes: { state: 'Finished', exitCode: 0, reason: null } },
  ],

  [
    'has ended well',
    RUNNING,
    launcherJob({ status: 'Finished', exitCode: 0, lastUpdateTime: '2026-01-01T12:30:00Z' }),
    {
      do: 'end',
      changes: {
        state: 'Finished',
        exitCode: 0,
        reason: null,
        endedAt: new Date('2026-01-01T12:30:00Z'),
      },
    },
  ],
  [
    'has ended before it was ever seen',
    HANDED,
    launcherJob({ status: 'Finished', exitCode: 3 }),
    {
      do: 'end',
      changes: {
        state: 'Finished',
        jobId: 'L1',
        exitCode: 3,
        reason: 'It ended with exit code 3.',
        startedAt: new Date('2026-01-01T12:00:01Z'),
      },
    },
  ],
  [
    'could not be started',
    HANDED,
    launcherJob({ status: 'Failed', statusMessage: 'The folder is not there.' }),
    { do: 'end', changes: { state: 'Failed', exitCode: null, reason: 'The folder is not there.' } },
  ],
  [
    'was asked to stop and has ended',
    { ...RUNNING, ...STOPPED },
    launcherJob({ status: 'Finished', exitCode: 143, statusMessage: 'Ended by SIGTERM.' }),
    { do: 'end', changes: { state: 'Finished', exitCode: 143, reason: STOPPED.reason } },
  ],
  [
    'ends at a time that is none, or ahead',
    RUNNING,
    launcherJob({ status: 'Killed', exitCode: 137, lastUpdateTime: 'soon' }),
    { do: 'end', changes: { state: 'Killed', endedAt: new Date(NOW) } },
  ],

  ['is to stop', { ...RUNNING, ...STOPPED }, seen, { do: 'stop', job: seen }],
  [
    'was asked to stop',
    { ...RUNNING, ...STOPPED },
    seen,
    { do: 'nothing' },
    { stoppingFor: 10_000 },
  ],
  [
    'does not stop',
    { ...RUNNING, ...STOPPED },
    seen,
    { do: 'kill', job: seen },
    { stoppingFor: 16_000 },
  ],
  ['is to be killed', { ...RUNNING, desired: 'killed' }, seen, { do: 'kill', job: seen }],
  [
    'is to stop in the queue',
    { ...HANDED, ...STOPPED, jobId: 'L1', host: 'server-1' },
    launcherJob({ status: 'Pending' }),
    { do: 'cancel' },
  ],
  [
    'was canceled in the queue',
    { ...HANDED, ...STOPPED, jobId: 'L1', host: 'server-1' },
    launcherJob({ status: 'Pending' }),
    { do: 'nothing' },
    { stoppingFor: 1000 },
  ],
  [
    'is to stop and is first seen',
    { ...HANDED, ...STOPPED },
    launcherJob({ statusMessage: 'It runs.' }),
    { do: 'set', changes: { jobId: 'L1', state: 'Running' } },
  ],
  ['has ended', { ...RUNNING, state: 'Finished' }, seen, { do: 'nothing' }],
]

for (const [when, job, told, step, more] of TABLE) {
  t.test(`the step of a job that ${when}`, async (t) => {
    const next = nextJobStep(workbenchJob(job), told, { ...facts, ...more })
    t.match(next, step)
    t.equal(next.do, 'do' in step ? step.do : undefined)
  })
}

t.test('why it is stopped is not written over by what the Launcher says', async (t) => {
  const job = workbenchJob({ ...HANDED, ...STOPPED })
  const step = nextJobStep(job, launcherJob({ statusMessage: 'It runs.' }), facts)
  t.notOk('changes' in step && 'reason' in step.changes)
})

t.test('a job that runs on is not written again', async (t) => {
  const job = workbenchJob({ ...RUNNING, reason: 'Low on memory.' })
  t.same(nextJobStep(job, launcherJob({ statusMessage: 'Low on memory.' }), facts), {
    do: 'nothing',
  })
})
