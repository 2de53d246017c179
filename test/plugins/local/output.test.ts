import { appendFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  KEPT_OUTPUT_BYTES,
  MAX_OUTPUT_BYTES,
  OutputFile,
} from '../../../src/plugins/local/output-file.ts'
import { OutputFollower, readTail, TRUNCATED } from '../../../src/plugins/local/output-follower.ts'
import { shortDirectory } from '../../launcher/fixtures/launcher-fixture.ts'

/** Numbered lines of 100 bytes, enough for this many bytes. */
function lines(from: number, bytes: number): string {
  const count = Math.ceil(bytes / 100)
  return Array.from({ length: count }, (_, i) => `${String(from + i).padStart(99, '0')}\n`).join('')
}

async function readAll(follower: OutputFollower): Promise<string> {
  let all = ''
  for await (const text of follower.read()) all += text
  return all
}

t.test('what is trimmed is given back to the disk, and what is kept stays in place', async (t) => {
  const path = join(shortDirectory(t), 'stdout')
  const text = lines(0, MAX_OUTPUT_BYTES + 100)
  writeFileSync(path, text)
  const output = new OutputFile(path)
  const follower = await OutputFollower.open(output)
  t.teardown(() => follower.close())
  await output.trim()
  const kept = text.slice(output.start)
  t.ok(statSync(path).blocks * 512 < KEPT_OUTPUT_BYTES + 65_536)
  t.equal(await readAll(follower), TRUNCATED + kept, 'a follower goes on with a whole line')

  appendFileSync(path, 'more\n')
  t.equal(await readAll(follower), 'more\n', 'and misses and doubles nothing')

  const again = new OutputFile(path)
  await again.recover()
  t.equal(again.start, output.start, 'the gap is found again after a restart')
  t.equal(await readTail(again, 105), `${kept.slice(-100)}more\n`)
})

t.test('a file that was never trimmed is kept from its beginning', async (t) => {
  const path = join(shortDirectory(t), 'stdout')
  for (const bytes of [0, 1000, 2 * KEPT_OUTPUT_BYTES]) {
    writeFileSync(path, lines(0, bytes))
    const output = new OutputFile(path)
    await output.recover()
    await output.trim()
    t.same([output.start, await output.keptBytes()], [0, Math.ceil(bytes / 100) * 100])
  }
})

t.test('where no holes can be made the output begins anew', async (t) => {
  const path = join(shortDirectory(t), 'stdout')
  writeFileSync(path, lines(0, MAX_OUTPUT_BYTES + 100))
  const output = new OutputFile(path)
  const follower = await OutputFollower.open(output)
  t.teardown(() => follower.close())
  await readAll(follower)
  const { PATH } = process.env
  process.env['PATH'] = '/nonexistent'
  t.teardown(() => (process.env['PATH'] = PATH))
  await output.trim()
  appendFileSync(path, 'new\n')
  t.same([statSync(path).size, await readAll(follower)], [4, `${TRUNCATED}new\n`])
})

t.test('characters are told whole however they are written', async (t) => {
  const path = join(shortDirectory(t), 'stdout')
  writeFileSync(path, '')
  const follower = await OutputFollower.open(new OutputFile(path))
  t.teardown(() => follower.close())
  let told = ''
  for (const byte of Buffer.from('ä€😀\0')) {
    appendFileSync(path, Buffer.of(byte))
    told += await readAll(follower)
  }
  t.equal(told, 'ä€😀\0')
})
