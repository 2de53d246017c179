import t from 'tap'
import { jobRequest } from '../../src/jobs/job-request.ts'

t.test('what a file is, is told by the end of its name', async (t) => {
  for (const [script, kind] of [
    ['/a/fit.R', 'r'],
    ['/a/fit.r', 'r'],
    ['/a/fit.py', 'python'],
    ['/a/fit.sh', 'shell'],
    ['/a.b/fit.bash', 'shell'],
    ['/a/Fit.IPYNB', 'notebook'],
  ]) {
    t.match(jobRequest({ script }), { kind, name: script?.split('/').at(-1) })
  }
  t.match(jobRequest({ script: '/a/fit', kind: 'python' }), { kind: 'python', name: 'fit' })
  t.throws(() => jobRequest({ script: '/a.sh/fit' }), { code: 'BAD_REQUEST', message: /^kind: / })
})

t.test('a job runs a file or a command, and one of them', async (t) => {
  t.match(jobRequest({ command: 'nightly', name: 'Mine' }), { kind: 'command', name: 'Mine' })
  t.match(jobRequest({ command: 'nightly' }), { script: null, name: 'nightly', args: [] })
  for (const wish of [
    {},
    { script: '/a.sh', command: 'nightly' },
    { command: 'nightly', kind: 'r' as const },
    { script: '/a.sh', kind: 'command' as const },
  ]) {
    t.throws(() => jobRequest(wish), { code: 'BAD_REQUEST' }, JSON.stringify(wish))
  }
})
