import t from 'tap'
import type { FileEntry } from '../../../src/web/files/file-view.ts'
import { kindOfFile } from '../../../src/web/files/runnable.ts'
import { crumbsOf, pathOf, shownEntries } from '../../../src/web/files/shown-entries.ts'

const entry = (name: string, kind: FileEntry['kind'] = 'file'): FileEntry => ({
  name,
  kind,
  size: null,
  modifiedAt: null,
})
const ENTRIES = [
  entry('run 10.R'),
  entry('run 9.r'),
  entry('data.csv'),
  entry('.hidden.py'),
  entry('pipe.sh', 'other'),
  entry('Work', 'directory'),
  entry('.git', 'directory'),
  entry('archive', 'directory'),
]
const names = (...[entries, options]: Parameters<typeof shownEntries>) =>
  shownEntries(entries, options).entries.map(({ name }) => name)

t.test('folders and what a job can run are shown, in the order people expect', async (t) => {
  const usual = { wanted: 'script', all: false, text: '' } as const
  t.same(names(ENTRIES, usual), ['archive', 'Work', 'run 9.r', 'run 10.R'])
  t.equal(shownEntries(ENTRIES, usual).hidden, 4)
  t.same(names(ENTRIES, { ...usual, text: ' RUN ' }), ['run 9.r', 'run 10.R'])
  t.equal(names(ENTRIES, { ...usual, all: true }).length, ENTRIES.length)
  t.same(names(ENTRIES, { ...usual, wanted: 'folder' }), ['archive', 'Work'])
  t.same(names(ENTRIES, { wanted: 'folder', all: true, text: '' }), ['.git', 'archive', 'Work'])
})

t.test('the ending of a file tells what it is', async (t) => {
  t.same(
    [
      '/a/x.R',
      'x.r',
      'x.PY',
      'x.sh',
      'x.bash',
      'x.ipynb',
      'x.csv',
      'R',
      '/a.r/x',
      'x.constructor',
    ].map(kindOfFile),
    ['r', 'r', 'python', 'shell', 'shell', 'notebook', null, null, null, null],
  )
})

t.test('paths are taken apart and put together', async (t) => {
  t.equal(pathOf('/', 'home'), '/home')
  t.equal(pathOf('/home', 'a b'), '/home/a b')
  t.same(
    crumbsOf('/home/a b').map(({ path }) => path),
    ['/', '/home', '/home/a b'],
  )
  t.same(crumbsOf('/'), [{ name: '/', path: '/' }])
})
