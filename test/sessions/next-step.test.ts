import t from 'tap'
import type { Job } from '../../src/launcher/job.ts'
import { nextStep, probeDelay } from '../../src/sessions/next-step.ts'
import type { Session } from '../../src/sessions/session.ts'
import { job, session } from '../fixtures/session.ts'

const limits = { startTimeout: 60_000, stopTimeout: 10_000 }
const created = session().createdAt.getTime()
const finished = job({ status: 'Finished', exitCode: 0 })
const crashed = job({ status: 'Finished', exitCode: 1 })
const oom = job({ status: 'Killed', exitCode: 137 })
const pending = job({ status: 'Pending' })

const cases: [string, Partial<Session>, Job | undefined, after: number, expected: object][] = [
  ['a new session is submitted', {}, undefined, 0, { do: 'submit' }],
  [
    'what is said of a job that runs on is told to its owner',
    { state: 'Active' },
    job({ statusMessage: 'The memory limit of 9 MiB was reached.' }),
    0,
    { do: 'set', state: 'Active', reason: 'The memory limit of 9 MiB was reached.' },
  ],
  [
    'and told once',
    { state: 'Active', reason: 'The memory limit of 9 MiB was reached.' },
    job({ statusMessage: 'The memory limit of 9 MiB was reached.' }),
    0,
    { do: 'nothing' },
  ],
  [
    'of what was killed for its memory limit no more is guessed',
    { state: 'Active' },
    job({
      status: 'Finished',
      exitCode: 137,
      statusMessage: 'The memory limit of 9 MiB was reached.',
    }),
    0,
    {
      do: 'set',
      state: 'Failed',
      reason: 'It ended unexpectedly: The memory limit of 9 MiB was reached.',
    },
  ],
  ['a pending job is waited for', {}, pending, 0, { do: 'nothing' }],
  ['a running job is probed', {}, job(), 0, { do: 'probe' }],
  [
    'one that never gets ready fails',
    {},
    job(),
    60_001,
    { do: 'set', state: 'Failed', reason: 'It did not answer within 60 seconds.' },
  ],
  [
    'a lost one whose server is back goes on, and is not asked whether it is ready',
    { state: 'Lost', location: { kind: 'socket', path: '/s' } },
    job(),
    90_000,
    { do: 'set', state: 'Active', reason: null },
  ],
  [
    'a lost one that was not ready yet goes on starting',
    { state: 'Lost' },
    job(),
    90_000,
    { do: 'set', state: 'Starting', reason: null },
  ],
  [
    'a lost one that had no job yet is submitted after all',
    { state: 'Lost' },
    undefined,
    90_000,
    { do: 'set', state: 'Starting', reason: null },
  ],
  [
    'a lost one whose job died with its server fails',
    { state: 'Lost', location: { kind: 'socket', path: '/s' } },
    oom,
    0,
    { do: 'set', state: 'Failed', reason: 'It ended while its server was lost.', withLog: oom },
  ],
  [
    'a lost one that the Launcher does not know fails',
    { state: 'Lost', location: { kind: 'socket', path: '/s' } },
    undefined,
    0,
    { do: 'set', state: 'Failed', reason: 'It ended while its server was lost.' },
  ],
  [
    'one that was stopped while its server was lost is not killed, but ended gently elsewhere',
    { state: 'Stopped', desired: 'stopped' },
    job(),
    0,
    { do: 'nothing' },
  ],
  ['one that is pending waits, however long', {}, pending, 60_001, { do: 'nothing' }],
  [
    'one that dies at once fails, with its last lines',
    {},
    crashed,
    0,
    { do: 'set', state: 'Failed', reason: /before it was ready: exit code 1/, withLog: crashed },
  ],
  [
    'one that ends well before it was ready fails too',
    {},
    finished,
    0,
    { do: 'set', state: 'Failed' },
  ],
  [
    'one that the server could not start says why in its own words',
    {},
    job({ status: 'Failed', exitCode: null, statusMessage: 'There is no home.' }),
    0,
    { reason: 'It ended before it was ready: There is no home.' },
  ],
  [
    'a program that is not there is named as the reason',
    {},
    job({ status: 'Finished', exitCode: 127 }),
    0,
    { reason: /could not be run/ },
  ],
  ['a used session is left alone', { state: 'Active' }, job(), 1e9, { do: 'nothing' }],
  ['so is an idle one', { state: 'Idle' }, job(), 1e9, { do: 'nothing' }],
  [
    'one that was closed from inside has stopped',
    { state: 'Active' },
    finished,
    0,
    { do: 'set', state: 'Stopped' },
  ],
  [
    'one that crashed has failed',
    { state: 'Idle' },
    crashed,
    0,
    { do: 'set', state: 'Failed', reason: /unexpectedly: exit code 1/ },
  ],
  [
    'one that was killed says why that may be',
    { state: 'Active' },
    oom,
    0,
    { reason: /ran out of memory/ },
  ],
  [
    'one whose job nobody knows has failed',
    { state: 'Active' },
    undefined,
    0,
    { do: 'set', state: 'Failed' },
  ],
  [
    'one to be stopped is Stopping first',
    { state: 'Active', desired: 'stopped' },
    job(),
    0,
    { do: 'set', state: 'Stopping' },
  ],
  [
    'then its job is asked to stop',
    { state: 'Stopping', desired: 'stopped' },
    job(),
    0,
    { do: 'stop' },
  ],
  [
    'and killed when it does not',
    { state: 'Stopping', desired: 'stopped' },
    job(),
    10_001,
    { do: 'kill' },
  ],
  ['or at once by force', { state: 'Stopping', desired: 'killed' }, job(), 0, { do: 'kill' }],
  [
    'a stopped job ends it',
    { state: 'Stopping', desired: 'stopped' },
    job({ status: 'Finished', exitCode: 143 }),
    0,
    { do: 'set', state: 'Stopped', reason: 'Stopped by its owner.' },
  ],
  [
    'stopped before it was submitted, it never is',
    { desired: 'stopped' },
    undefined,
    0,
    { do: 'set', state: 'Stopped' },
  ],
  [
    'a stopped session needs nothing',
    { state: 'Stopped', desired: 'stopped' },
    finished,
    0,
    { do: 'nothing' },
  ],
  ['a failed session leaves no job behind', { state: 'Failed' }, job(), 0, { do: 'kill' }],
  ['a failed session is not started again', { state: 'Failed' }, undefined, 0, { do: 'nothing' }],
]

t.test('the next step follows from what is desired and what the Launcher says', async (t) => {
  for (const [name, changes, itsJob, after, expected] of cases) {
    t.match(nextStep(session(changes), itsJob, created + after, created, limits), expected, name)
  }
})

t.test('a pause of ours does not count against an IDE: it is asked first', async (t) => {
  t.match(nextStep(session(), job(), created + 1e9, undefined, limits), { do: 'probe' })
})

t.test('an IDE is asked again after a tenth of the time it has taken, within limits', async (t) => {
  for (const [elapsed, delay] of [
    [0, 10],
    [99, 10],
    [400, 40],
    [1000, 100],
    [60_000, 100],
  ] as const) {
    t.equal(probeDelay(elapsed), delay, `${elapsed} ms`)
  }
})
