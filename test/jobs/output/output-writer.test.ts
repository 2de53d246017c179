import assert from 'node:assert/strict'
import { appendFile, open, truncate } from 'node:fs/promises'
import fc from 'fast-check'
import t from 'tap'
import { LineCutter } from '../../../src/jobs/output/line-cutter.ts'
import type { OutputFiles } from '../../../src/jobs/output/output-files.ts'
import { OutputWriter } from '../../../src/jobs/output/output-writer.ts'
import { readLines } from '../../../src/jobs/output/read-lines.ts'
import { STREAM_RECORD, toBytes } from '../../../src/jobs/output/records.ts'
import { SkipStored } from '../../../src/jobs/output/skip-stored.ts'
import { TextPieces } from '../../../src/jobs/output/text-pieces.ts'
import type { JobOutput } from '../../../src/launcher/job.ts'
import {
  anyPrinted,
  cutAnew,
  plainLines,
  reading,
  storedText,
  withFiles,
} from '../../fixtures/output-files.ts'

/** Where a writer is broken off within an append: while it writes which stream begins, the bytes, or before the index. */
type Broken = { readonly after: number; readonly at: 'record' | 'bytes' | 'index'; part: number }

const anyBroken: fc.Arbitrary<Broken> = fc.record({
  after: fc.nat(30),
  at: fc.constantFrom('record', 'bytes', 'index'),
  part: fc.nat(50_000),
})

const sizeOf = async (path: string): Promise<number> => {
  const file = await open(path)
  try {
    return (await file.stat()).size
  } finally {
    await file.close()
  }
}

/** Stores what is told from the beginning, until it is broken off in the middle of a write as kill -9 does it. */
async function tell(files: OutputFiles, printed: readonly JobOutput[], broken?: Broken) {
  const writer = await OutputWriter.open(files)
  const skip = new SkipStored(writer.stored)
  const text = new TextPieces()
  try {
    for (const [place, piece] of printed.entries()) {
      const fresh = skip.take(piece.type, text.bytes(piece))
      if (place !== broken?.after) await writer.append(piece.type, fresh)
      else return await breakOff(files, { writer, piece, fresh, broken })
    }
  } finally {
    await writer.close()
  }
}

async function breakOff(
  files: OutputFiles,
  parts: { writer: OutputWriter; piece: JobOutput; fresh: Buffer; broken: Broken },
): Promise<void> {
  const { writer, piece, fresh, broken } = parts
  if (broken.at === 'index') {
    const before = await sizeOf(files.lines)
    await writer.append(piece.type, fresh)
    // None of its records, or a part of one.
    await truncate(files.lines, Math.min(await sizeOf(files.lines), before + (broken.part % 12)))
    return
  }
  const record = toBytes(STREAM_RECORD, [{ offset: writer.size, stream: piece.type }])
  if (broken.at === 'record') {
    return appendFile(files.streams, record.subarray(0, broken.part % (record.length + 1)))
  }
  await appendFile(files.streams, record)
  await appendFile(files.output, fresh.subarray(0, broken.part % (fresh.length + 1)))
}

t.test('whatever breaks off the writer, each stream is stored byte for byte', async (t) => {
  const anyRun = fc.record({
    printed: anyPrinted,
    broken: fc.array(fc.tuple(anyBroken, fc.array(fc.nat(60_000), { maxLength: 5 })), {
      maxLength: 4,
    }),
  })
  await t.resolves(
    fc.assert(
      fc.asyncProperty(anyRun, async ({ printed, broken }) => {
        await withFiles(async (files) => {
          for (const [breaking, places] of broken) {
            await tell(files, cutAnew(printed, places), breaking)
          }
          await tell(files, printed)
          const of = (type: string) => {
            const pieces = printed.filter((piece) => piece.type === type)
            return Buffer.from(pieces.map(({ output }) => output).join('')).toString('utf8')
          }
          const stored = await storedText(files)
          const expected = { stdout: of('stdout'), stderr: of('stderr'), mixed: '', notice: '' }
          if (printed.some(({ output }) => output !== '')) assert.deepEqual(stored, expected)
          await reading(files, async (reader) => {
            const size = await reader.size()
            const lines = plainLines(await reader.bytes(0, size))
            assert.equal(await reader.lines(size), lines.length)
            for (const from of [0, 1, Math.floor(lines.length / 2), lines.length]) {
              const read = await readLines(reader, from, 1000)
              assert.deepEqual(
                read.lines.map(({ text }) => text),
                lines.slice(from, from + 1000).map((line) => line.toString().replace(/\n$/, '')),
              )
              assert.equal(read.total, lines.length)
            }
          })
        })
      }),
      { numRuns: 50 },
    ),
  )
})

t.test('lines are cut at the same places however the bytes come', async (t) => {
  await t.resolves(
    fc.assert(
      fc.asyncProperty(
        anyPrinted,
        fc.array(fc.integer({ min: 1, max: 9000 })),
        async (printed, steps) => {
          const bytes = Buffer.from(printed.map(({ output }) => output).join(''))
          const starts = [0]
          const cutter = new LineCutter()
          let at = 0
          for (const step of [...steps, bytes.length]) {
            cutter.push(bytes.subarray(at, at + step), (line, offset) => {
              assert.equal(line, starts.length)
              starts.push(offset)
            })
            at = Math.min(bytes.length, at + step)
          }
          const lines = plainLines(bytes)
          const expected = lines.reduce(
            (all, line) => [...all, (all.at(-1) ?? 0) + line.length],
            [0],
          )
          // The last end is no beginning yet, unless the line has ended.
          assert.deepEqual(
            starts,
            bytes.at(-1) === 10 ? expected : expected.slice(0, Math.max(1, lines.length)),
          )
          assert.equal(cutter.lines, lines.length)
        },
      ),
      { numRuns: 40 },
    ),
  )
})

t.test('a line is found by its number in a long output, by the index', async (t) => {
  await withFiles(async (files) => {
    const writer = await OutputWriter.open(files)
    const line = (number: number) => `line ${number} ${'.'.repeat(number % 60)}\n`
    for (let begin = 0; begin < 100_000; begin += 1000) {
      const lines = Array.from({ length: 1000 }, (_, place) => line(begin + place))
      await writer.append(begin % 3000 === 0 ? 'stderr' : 'stdout', Buffer.from(lines.join('')))
    }
    await writer.close()
    await reading(files, async (reader) => {
      const known = await reader.indexed(77_777)
      t.ok(77_777 - known.line < 3000, `it need not be searched from the beginning: ${known.line}`)
      const { lines, total } = await readLines(reader, 77_777, 2)
      t.equal(total, 100_000)
      t.strictSame(
        lines.map(({ text }) => `${text}\n`),
        [line(77_777), line(77_778)],
      )
      const across = await readLines(reader, 2999, 2)
      t.strictSame(
        across.lines.map(({ type }) => type),
        ['stdout', 'stderr'],
      )
      t.strictSame((await readLines(reader, 100_000, 5)).lines, [], 'none after the last')
    })
  })
})

t.test('a line that two streams have written is of both', async (t) => {
  await withFiles(async (files) => {
    const writer = await OutputWriter.open(files)
    await writer.append('stdout', Buffer.from('one\ntwo '))
    await writer.append('stderr', Buffer.from('and three\nfour\n'))
    await writer.close()
    await reading(files, async (reader) => {
      t.strictSame((await readLines(reader, 0, 10)).lines, [
        { text: 'one', type: 'stdout' },
        { text: 'two and three', type: 'mixed' },
        { text: 'four', type: 'stderr' },
      ])
    })
  })
})
