import t from 'tap'
import {
  CHUNK_LINES,
  chunkOf,
  chunksOf,
  chunksToForget,
  isStale,
  type LineChunk,
} from '../../../src/web/output/line-chunk.ts'
import { LineWindows } from '../../../src/web/output/line-windows.ts'
import { grownSize, type LinesAnswer } from '../../../src/web/output/output-line.ts'
import { until } from '../../fixtures/until.ts'

// What a server answers whose output has so many lines, each of ten bytes.
function answerOf(from: number, count: number, total: number, complete = false): LinesAnswer {
  const lines = Array.from({ length: Math.max(0, Math.min(count, total - from)) }, (_, n) => ({
    text: `line ${from + n}`,
    type: 'stdout' as const,
  }))
  return { lines, from, total, bytes: total * 10, complete }
}

t.test('the chunks that are looked at are read, those in the middle first', async (t) => {
  t.strictSame(chunksOf(0, 50, 1000), [0])
  t.strictSame(chunksOf(150, 650, 10_000), [1, 2, 0, 3])
  t.strictSame(chunksOf(150, 650, 300), [0, 1], 'only as far as there are lines')
  t.strictSame(chunksOf(-50, 20, 300), [0])
  t.strictSame(chunksOf(0, 50, 0), [])
})

t.test('only a chunk that may have changed is read again', async (t) => {
  const full = chunkOf(answerOf(0, CHUNK_LINES, 250), '')
  const part = chunkOf(answerOf(CHUNK_LINES, CHUNK_LINES, 250), '')
  const sized = (lines: number) => ({ lines, bytes: lines * 10, complete: false })
  t.notOk(isStale(0, full, sized(9000)), 'a full chunk with others after it')
  t.notOk(isStale(1, part, sized(250)), 'nothing has come')
  t.ok(isStale(1, part, sized(251)), 'a line has come')
  t.ok(isStale(1, part, { ...sized(250), bytes: 2501 }), 'its last line has grown')
  const last = chunkOf(answerOf(0, CHUNK_LINES, CHUNK_LINES), '')
  t.ok(isStale(0, last, { ...sized(CHUNK_LINES), bytes: 2001 }), 'its last line, the very last')
})

t.test('the least lately used chunks are forgotten, never those that are looked at', async (t) => {
  const chunk = (length: number): LineChunk => ({ lines: [], after: '', bytes: 0, length })
  const kept = new Map([4, 1, 2, 3].map((index) => [index, chunk(100)]))
  t.strictSame(chunksToForget(kept, [3], { most: 400, chunks: 9 }), [])
  t.strictSame(chunksToForget(kept, [3], { most: 250, chunks: 9 }), [4, 1])
  t.strictSame(chunksToForget(kept, [4, 3], { most: 250, chunks: 9 }), [1, 2])
  t.strictSame(chunksToForget(kept, [3], { most: 9999, chunks: 3 }), [4])
})

t.test('output only grows, whatever is told late', async (t) => {
  const ten = { lines: 10, bytes: 100, complete: false }
  t.equal(grownSize(null, ten), ten)
  t.equal(grownSize(ten, { ...ten }), ten, 'the same object if nothing is new')
  t.equal(grownSize(ten, { lines: 9, bytes: 99, complete: false }), ten)
  t.match(grownSize({ ...ten, complete: true }, { ...ten, complete: false }), { complete: true })
})

t.test('lines are here when they were wanted, with the colour of the line before', async (t) => {
  const windows = new LineWindows({
    read: async (from, count) => {
      const answer = answerOf(from, count, 1000)
      const lines = answer.lines.map((line, n) =>
        n === 3 ? { ...line, text: '\u001b[31mred' } : line,
      )
      return { ...answer, lines }
    },
  })
  t.teardown(() => windows.stop())
  windows.want(0, 10)
  await until(() => windows.line(0))
  t.match(windows.state(), { size: { lines: 1000 }, error: null })
  t.strictSame(windows.line(4), { text: 'line 4', type: 'stdout', before: '\u001b[31m' })
  t.equal(windows.line(900), undefined)
  windows.want(880, 930)
  await until(() => windows.line(900))
  t.equal(windows.line(900)?.text, 'line 900')
})

t.test('a line that is being written is read again when it has grown', async (t) => {
  let text = '10 %'
  const windows = new LineWindows({
    read: async () => ({
      lines: [{ text, type: 'stdout' }],
      from: 0,
      total: 1,
      bytes: text.length,
      complete: false,
    }),
  })
  t.teardown(() => windows.stop())
  windows.want(0, 10)
  await until(() => windows.line(0))
  text = '10 %\r100 %'
  windows.grown({ lines: 1, bytes: text.length, complete: true })
  await until(() => windows.line(0)?.text === text)
  t.match(windows.state().size, { complete: true })
})

t.test('what is no longer looked at is not waited for', async (t) => {
  const asked: { from: number; signal: AbortSignal }[] = []
  const windows = new LineWindows({
    read: async (from, count, signal) => {
      asked.push({ from, signal })
      if (from > 0 && from < 8000) await new Promise(() => undefined)
      return answerOf(from, count, 10_000)
    },
  })
  t.teardown(() => windows.stop())
  windows.want(0, 10)
  await until(() => windows.line(0))
  windows.want(4000, 4010)
  await until(() => asked.length === 2)
  windows.want(9000, 9010)
  await until(() => windows.line(9000))
  t.equal(asked[1]?.signal.aborted, true)
})

t.test('a server that does not answer is asked again, and said to', async (t) => {
  let fails = true
  const windows = new LineWindows({
    read: async (from, count) => {
      if (fails) throw new Error('The server does not answer.')
      return answerOf(from, count, 10)
    },
  })
  t.teardown(() => windows.stop())
  windows.want(0, 10)
  await until(() => windows.state().error)
  t.equal(windows.state().error?.message, 'The server does not answer.')
  fails = false
  await until(() => windows.line(5))
  t.equal(windows.state().error, null)
})

t.test('however much is looked at, only so many lines are kept', async (t) => {
  const windows = new LineWindows({
    read: async (from, count) => answerOf(from, count, 16_000),
  })
  t.teardown(() => windows.stop())
  for (let line = 0; line < 16_000; line += CHUNK_LINES) {
    windows.want(line, line + 50)
    await until(() => windows.line(line))
  }
  const kept = Array.from({ length: 16_000 }, (_, line) => windows.line(line)).filter(Boolean)
  t.ok(kept.length <= 60 * CHUNK_LINES, `${kept.length} lines`)
  t.ok(windows.line(15_999))
})
