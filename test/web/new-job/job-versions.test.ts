import t from 'tap'
import type { VersionView } from '../../../src/ides/language-version.ts'
import { jobVersions } from '../../../src/web/new-job/job-versions.ts'

const version = (id: string, language: 'python' | 'r', kernel = false) =>
  ({ id, language, label: id, kernel }) as VersionView
const ALL = [version('p1', 'python', true), version('p2', 'python'), version('r1', 'r')]
const idsOf = (...[kind, language, all]: Parameters<typeof jobVersions>) =>
  jobVersions(kind, language, all).options.map(({ value }) => value)

t.test('versions are offered where they matter', async (t) => {
  t.same(idsOf('python', 'python', ALL), ['p1', 'p2'])
  t.same(idsOf('python', 'r', ALL), [])
  t.same(jobVersions('r', 'r', ALL).note, 'r1 is the only one.')
  t.same(idsOf('notebook', 'python', ALL), ['p1'], 'only those with a kernel')
  t.same(idsOf('shell', 'python', ALL), ['p1', 'p2'])
  t.same(idsOf('command', 'python', ALL), [])
  t.same(idsOf(null, 'r', ALL), [])
})
