import fs from 'node:fs'
import { dirname } from 'node:path'
import { getegid } from 'node:process'
import t from 'tap'
import { makeKeyFile, readKeyFile } from '../src/key-file.ts'
import type * as KeyFile from '../src/key-file.ts'

t.test('a key is for its account alone, or for a group too', async (t) => {
  const directory = t.testdir()
  makeKeyFile(`${directory}/own`)
  makeKeyFile(`${directory}/shared`, { gid: getegid?.() })
  t.equal(fs.statSync(`${directory}/own`).mode & 0o777, 0o600)
  t.equal(fs.statSync(`${directory}/shared`).mode & 0o777, 0o640)
  t.notSame(readKeyFile(`${directory}/own`), readKeyFile(`${directory}/shared`))
  fs.writeFileSync(`${directory}/short`, 'short\n')
  t.throws(() => readKeyFile(`${directory}/short`), /short does not hold a key of 32 bytes/)
})

t.test('on a full disk no key is left behind, and the next start makes it', async (t) => {
  const directory = t.testdir()
  const file = `${directory}/a.key`
  const full = await t.mockImport<typeof KeyFile>('../src/key-file.ts', {
    'node:fs': {
      ...fs,
      writeFileSync: (...[path, , options]: Parameters<typeof fs.writeFileSync>) => {
        fs.writeFileSync(path, 'half', options)
        throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
      },
    },
  })
  t.throws(() => full.makeKeyFile(file), { code: 'ENOSPC' })
  t.same(fs.readdirSync(directory), [])
  makeKeyFile(file)
  t.same(fs.readdirSync(directory), ['a.key'])
})

t.test('of two that make a key at once the later keeps that of the earlier', async (t) => {
  const file = `${t.testdir()}/a.key`
  let earlier: Buffer | undefined
  const late = await t.mockImport<typeof KeyFile>('../src/key-file.ts', {
    'node:fs': {
      ...fs,
      linkSync: (from: string, to: string) => {
        makeKeyFile(file)
        earlier = readKeyFile(file)
        fs.linkSync(from, to)
      },
    },
  })
  late.makeKeyFile(file)
  t.same(readKeyFile(file), earlier)
  t.same(fs.readdirSync(dirname(file)), ['a.key'])
})
