import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import {
  FOLDER_SCRIPT,
  FOLDER_VARIABLE,
  MOST_ENTRIES,
  parseFolder,
} from '../../src/files/folder-listing.ts'
import { Folders } from '../../src/files/folders.ts'
import { isRoot } from '../fixtures/accounts.ts'

/** Looks into a folder by the script, as an account that is not root. */
function look(path: string) {
  const { stdout } = spawnSync('/bin/sh', ['-c', FOLDER_SCRIPT], {
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', [FOLDER_VARIABLE]: path },
    ...(isRoot && { uid: 65_534, gid: 65_534 }),
  })
  return parseFolder(stdout, path)
}

function folder(t: Test): string {
  const directory = t.testdir()
  chmodSync(directory, 0o755)
  return directory
}

t.test('a folder is told with directories first, and links are what they lead to', async (t) => {
  const directory = folder(t)
  for (const name of ['zoo', 'a10', 'a9', '.hidden']) mkdirSync(join(directory, name))
  writeFileSync(join(directory, 'b.R'), '12345')
  writeFileSync(join(directory, 'a.R'), '')
  symlinkSync('zoo', join(directory, 'link to zoo'))
  symlinkSync('b.R', join(directory, 'link to b'))
  symlinkSync('nowhere', join(directory, 'dead'))
  symlinkSync('loop', join(directory, 'loop'))
  const { entries, more } = look(directory)
  t.strictSame(
    entries.map(({ name, kind }) => `${kind} ${name}`),
    [
      'directory .hidden',
      'directory a9',
      'directory a10',
      'directory link to zoo',
      'directory zoo',
      'file a.R',
      'file b.R',
      'other dead',
      'file link to b',
      'other loop',
    ],
  )
  t.equal(more, false)
  const file = entries.find(({ name }) => name === 'b.R')
  t.equal(file?.size, 5)
  t.ok(Math.abs(Date.now() - (file?.modifiedAt.getTime() ?? 0)) < 3_600_000)
})

t.test('a name may be anything', async (t) => {
  const directory = folder(t)
  const names = ['-rf', '$(reboot)', 'two\nlines', "it's", 'tab\there', 'ünï', ' ', '*', 'end']
  for (const name of names) writeFileSync(join(directory, name), '')
  writeFileSync(Buffer.concat([Buffer.from(`${directory}/bad`), Buffer.from([0xff, 10])]), '')
  const { entries } = look(directory)
  for (const name of names) t.ok(entries.some((each) => each.name === name && each.kind === 'file'))
  t.match(
    entries.find(({ name }) => name.startsWith('bad')),
    { kind: 'other' },
    'not to be used',
  )
  t.equal(entries.length, names.length + 1)
  const odd = join(directory, "-it's $(x)\n")
  mkdirSync(odd)
  t.strictSame(look(odd), { entries: [], more: false }, 'also that of the folder itself')
})

t.test('of a large folder as many are told as can be looked at', async (t) => {
  const directory = folder(t)
  for (let n = 0; n < MOST_ENTRIES + 5; n++) writeFileSync(join(directory, `f${n}`), '')
  mkdirSync(join(directory, 'z'))
  const { entries, more } = look(directory)
  t.equal(entries.length, MOST_ENTRIES)
  t.equal(more, true)
  t.match(entries[0], { name: 'z', kind: 'directory' })
})

t.test('what cannot be looked into is told', async (t) => {
  const directory = folder(t)
  writeFileSync(join(directory, 'file'), '')
  t.throws(() => look(join(directory, 'none')), { code: 'FOLDER_NOT_FOUND' })
  t.throws(() => look(join(directory, 'file')), {
    code: 'FOLDER_NOT_FOUND',
    message: /not a folder/,
  })
  for (const mode of [0o000, 0o311]) {
    const closed = join(directory, `closed-${mode}`)
    mkdirSync(closed)
    chmodSync(closed, mode)
    t.throws(() => look(closed), { code: 'FOLDER_CLOSED' }, mode.toString(8))
  }
  for (const printed of ['', 'profile says hello', 'atelier-folder Zm']) {
    t.throws(() => parseFolder(printed, '/x'), { code: 'LAUNCHER_UNAVAILABLE' }, printed)
  }
  t.match(parseFolder('hello\natelier-folder  end\n', '/x'), { entries: [] }, 'beside a profile')
})

t.test('the path is told without detours, and with the folder above it', async (t) => {
  const asked: unknown[] = []
  const folders = new Folders({
    homeOf: async () => '/home/ada',
    runAs: async (user, _script, environment) => {
      asked.push([user, environment])
      return 'atelier-folder  end\n'
    },
  })
  t.match(await folders.list('ada'), { path: '/home/ada', parent: '/home' })
  t.match(await folders.list('ada', '/a/../b//c/'), { path: '/b/c', parent: '/b' })
  t.match(await folders.list('ada', '/..'), { path: '/', parent: null })
  t.strictSame(asked[1], ['ada', { [FOLDER_VARIABLE]: '/b/c' }], 'in no command line')
})
