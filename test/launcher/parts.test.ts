import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { fromLines, toLines } from '../../src/launcher/ndjson.ts'
import { fromWholeCharacter } from '../../src/launcher/output-tail.ts'
import { fromPluginError, PluginError } from '../../src/launcher/plugin-error.ts'
import { restartDelay } from '../../src/launcher/restart-delay.ts'

async function* chunks(...parts: readonly (Buffer | object)[]) {
  yield* parts
}

t.test('restarts wait 100 ms at first and 30 s at most', async (t) => {
  t.same([0, 1, 2, 8, 9, 1000].map(restartDelay), [100, 200, 400, 25_600, 30_000, 30_000])
})

t.test('lines of JSON come through however they are cut', async (t) => {
  const values = [{ a: 'ä\n' }, { b: [1] }]
  const lines: string[] = []
  for await (const line of toLines(chunks(...values))) lines.push(line)
  const bytes = Buffer.from(lines.join(''))
  for (let cut = 0; cut < bytes.length; cut++) {
    const received: unknown[] = []
    const parts = [bytes.subarray(0, cut), bytes.subarray(cut)]
    for await (const value of fromLines(chunks(...parts) as AsyncIterable<Buffer>)) {
      received.push(value)
    }
    t.same(received, values, `cut at ${cut}`)
  }
})

t.test('a tail begins with a whole character', async (t) => {
  const bytes = Buffer.from('aä€😀')
  t.same(
    [0, 1, 2, 3, 5, 6, 7, 9].map((begin) => fromWholeCharacter(bytes.subarray(begin)).toString()),
    ['aä€😀', 'ä€😀', '€😀', '€😀', '😀', '😀', '', ''],
  )
})

t.test("a plugin's errors are told in the words of the list", async (t) => {
  const cases: [code: number, message: string, expected: string][] = [
    [0, 'mkdir: ENOSPC: no space left on device', 'DISK_FULL'],
    [9, 'cannot write: No space left on device', 'DISK_FULL'],
    [0, '/secret/path', 'INTERNAL'],
    [1, '', 'BAD_REQUEST'],
    [2, 'There is no account x.', 'BAD_REQUEST'],
    [3, '', 'NOT_FOUND'],
    [4, '', 'LAUNCHER_UNAVAILABLE'],
    [5, '', 'LAUNCHER_UNAVAILABLE'],
    [6, '', 'JOB_STATE'],
    [7, '', 'NOT_FOUND'],
    [8, 'The job is Finished.', 'JOB_STATE'],
    [10, '', 'LAUNCHER_UNAVAILABLE'],
    [77, '', 'INTERNAL'],
  ]
  for (const [code, message, expected] of cases) {
    const error = fromPluginError(new PluginError(code, message))
    t.equal(error.code, expected, `${code} ${message}`)
    t.notMatch(error.message, /secret/)
  }
})

t.test('any values come through lines of JSON, however these are cut', async () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 30 }))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue()), cuts, async (values, sizes) => {
      let text = ''
      for await (const line of toLines(chunks(...values.map((value) => ({ value }))))) text += line
      const received: unknown[] = []
      for await (const value of fromLines(cut(Buffer.from(text), sizes))) received.push(value)
      assert.deepEqual(received, JSON.parse(JSON.stringify(values.map((value) => ({ value })))))
    }),
  )
})

t.test('what is not JSON ends the lines, and gives nothing that was not said', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
      const said = text.split('\n').slice(0, -1)
      const received: unknown[] = []
      try {
        for await (const value of fromLines(cut(Buffer.from(text), [3, 7]))) received.push(value)
        assert.equal(received.length, said.length)
      } catch (error) {
        assert.ok(error instanceof SyntaxError)
      }
      const parsed = said.slice(0, received.length).map((line) => JSON.parse(line) as unknown)
      assert.deepEqual(received, parsed)
    }),
  )
})

t.test('a tail of whole characters is the end of the text', async () => {
  const text = fc.string({ unit: 'binary' }).map((each) => Buffer.from(each).toString())
  fc.assert(
    fc.property(text, fc.nat(), (all, at) => {
      const bytes = Buffer.from(all)
      const begin = bytes.length === 0 ? 0 : at % bytes.length
      const tail = fromWholeCharacter(bytes.subarray(begin)).toString()
      assert.ok(all.endsWith(tail))
      assert.ok(
        bytes.length - begin - Buffer.byteLength(tail) < 4,
        'at most the rest of one is lost',
      )
    }),
  )
})

async function* cut(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0
  for (const size of sizes) yield bytes.subarray(at, (at += size))
  yield bytes.subarray(at)
}
