import t from 'tap'
import type { JobView } from '../../../src/web/api/job-view.ts'
import { exitWords } from '../../../src/web/job/exit-words.ts'
import { commandLineOf, usedWords } from '../../../src/web/job/job-facts-words.ts'
import { nothingWords, removedWords } from '../../../src/web/job/nothing-words.ts'
import { jobView } from './job-view.ts'

t.test('an exit code is told in words', async (t) => {
  const limits = { cpus: null, memoryBytes: 1000 }
  const cases: [changes: Partial<JobView>, words: string | null][] = [
    [{ exitCode: null }, null],
    [{ exitCode: 0 }, '0: it succeeded'],
    [{ exitCode: 1 }, '1: it failed'],
    [{ exitCode: 42 }, '42: it failed'],
    [{ exitCode: 127 }, '127: a command was not found'],
    [{ exitCode: 137 }, '137: it was killed, perhaps out of memory (SIGKILL)'],
    [
      { exitCode: 137, limits, peakMemoryBytes: 990 },
      '137: it was killed, most likely as it wanted more memory than it may have (SIGKILL)',
    ],
    [
      { exitCode: 137, limits, peakMemoryBytes: 100 },
      '137: it was killed, perhaps out of memory (SIGKILL)',
    ],
    [{ exitCode: 137, desired: 'killed' }, '137: it was killed, as was wanted (SIGKILL)'],
    [{ exitCode: 143, desired: 'stopped' }, '143: it was asked to end, as was wanted (SIGTERM)'],
    [{ exitCode: 139 }, '139: it crashed: it used memory that is not its own (SIGSEGV)'],
    [{ exitCode: 255 }, '255: it failed'],
  ]
  for (const [changes, words] of cases) t.equal(exitWords(jobView(changes)), words)
})

t.test('what is run is told as it would be typed', async (t) => {
  const script = '/home/alice/a b.sh'
  const args = ['--n=3', 'x y', "it's", '']
  t.equal(
    commandLineOf({ script, command: null, args }),
    `'/home/alice/a b.sh' --n=3 'x y' 'it'\\''s' ''`,
  )
  t.equal(commandLineOf({ script: null, command: 'render', args: [] }), 'render')
})

t.test('what a job uses is told while it runs, and what it used when it has ended', async (t) => {
  const GIB = 2 ** 30
  const limits = { cpus: 2, memoryBytes: 4 * GIB }
  const running = jobView({ cpuPercent: 35, memoryBytes: 1.2 * GIB, limits })
  t.equal(usedWords(running), '35 of 200 % processor, 1.2 of 4 GiB memory')
  const endedAt = new Date().toISOString()
  t.equal(
    usedWords(jobView({ endedAt, cpuSeconds: 187, peakMemoryBytes: GIB })),
    '3 min 7 s of processor time, at most 1.0 GiB memory',
  )
  t.equal(usedWords(jobView({ endedAt, cpuSeconds: 0.24 })), '0.2 s of processor time')
  t.equal(
    usedWords(jobView({ endedAt, cpuSeconds: 0, peakMemoryBytes: 0 })),
    '0 s of processor time',
    'no memory was measured',
  )
  t.equal(usedWords(jobView({ endedAt })), null)
  t.equal(usedWords(jobView({})), null)
})

t.test('why there is no output is told', async (t) => {
  const startedAt = new Date().toISOString()
  t.match(nothingWords({ state: 'Pending', startedAt: null }), /not started yet/)
  t.match(nothingWords({ state: 'Running', startedAt }), /printed nothing yet/)
  t.equal(nothingWords({ state: 'Finished', startedAt }), 'It printed nothing.')
  t.match(nothingWords({ state: 'Canceled', startedAt: null }), /never started/)
  t.match(
    removedWords('2026-11-30T10:00:00Z', '2026-10-31T10:00:00Z'),
    /was removed on .*2026.*, 30 days after its end\.$/,
  )
  t.match(removedWords('2026-11-30T10:00:00Z', null), /2026\.?$|2026\.$/)
})
