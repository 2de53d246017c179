import t from 'tap'
import { endSentence, jobsLimitSentence, turnSentence } from '../../src/jobs/job-sentences.ts'

const ENDS = [
  ['Finished', 0, '', null],
  ['Finished', 0, 'Well done.', 'Well done.'],
  ['Finished', 3, '', 'It ended with exit code 3.'],
  ['Finished', 143, 'Ended by SIGTERM.', 'It ended with exit code 143 (Ended by SIGTERM.).'],
  ['Finished', 137, '', 'It was killed. Perhaps the server ran out of memory.'],
  [
    'Finished',
    137,
    'The memory limit of 64 MiB was reached.',
    'The memory limit of 64 MiB was reached.',
  ],
  ['Killed', 137, '', 'It was killed.'],
  ['Killed', null, '', 'It has ended: killed.'],
  ['Failed', null, 'There is no such file.', 'There is no such file.'],
  ['Canceled', null, '', 'It has ended: canceled.'],
] as const

for (const [status, exitCode, statusMessage, sentence] of ENDS) {
  t.test(`${status} with ${exitCode} and "${statusMessage}"`, async (t) => {
    t.equal(endSentence({ status, exitCode, statusMessage }), sentence)
  })
}

t.test('limits are told with what they are', async (t) => {
  t.equal(turnSentence(2), 'You have 2 of 2 jobs running; this one starts when one of them ends.')
  t.match(jobsLimitSentence(1), /^You have 1 job running or waiting/)
  t.equal(jobsLimitSentence(0), 'Your administrator allows you no jobs.')
})
