import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { followOutput, type OutputEvent } from '../../../src/jobs/output/follow-output.ts'
import { OutputReader } from '../../../src/jobs/output/output-reader.ts'
import { OutputWriter } from '../../../src/jobs/output/output-writer.ts'
import { searchLines, type FoundLines } from '../../../src/jobs/output/search-lines.ts'
import type { OutputFiles } from '../../../src/jobs/output/output-files.ts'
import { dispositionOf } from '../../../src/control/job-download.ts'
import { anyPrinted, plainLines, reading, withFiles } from '../../fixtures/output-files.ts'

const search = { from: 0, limit: 100, isCaseSensitive: false, isOver: () => false }

async function store(files: OutputFiles, text: string): Promise<void> {
  const writer = await OutputWriter.open(files)
  // In pieces, as they come.
  for (let at = 0; at < text.length; at += 1000) {
    await writer.append('stdout', Buffer.from(text.slice(at, at + 1000)))
  }
  await writer.close()
}

const found = ({ matches }: FoundLines) => matches.map(({ line, text }) => [line, text])

t.test('a text is found in the lines that have it, also where two pieces meet', async (t) => {
  await withFiles(async (files) => {
    const filler = `${'.'.repeat(99)}\n`.repeat(10_000)
    await store(files, `Äpfel one\n${filler}äpfel two\n${filler}${'x'.repeat(980)}ÄPFEL three`)
    await reading(files, async (reader) => {
      const all = await searchLines(reader, { ...search, text: 'äpfel' })
      t.strictSame(found(all), [
        [0, 'Äpfel one'],
        [10_001, 'äpfel two'],
        [20_002, `${'x'.repeat(980)}ÄPFEL three`],
      ])
      t.equal(all.next, null)
      const exact = { ...search, text: 'äpfel', isCaseSensitive: true }
      t.strictSame(found(await searchLines(reader, exact)), [[10_001, 'äpfel two']])
      t.strictSame(found(await searchLines(reader, { ...search, text: 'one\n.' })), [], 'no lines')
      t.strictSame(found(await searchLines(reader, { ...search, text: 'a.*l' })), [], 'no pattern')
    })
  })
})

t.test('a search is gone on with, after enough matches or enough time', async (t) => {
  await withFiles(async (files) => {
    await store(files, Array.from({ length: 100_000 }, (_, line) => `line ${line}\n`).join(''))
    await reading(files, async (reader) => {
      const lines: number[] = []
      let asked = 0
      for (let from: number | null = 0; from !== null; asked++) {
        const some: FoundLines = await searchLines(reader, {
          ...search,
          text: '77',
          from,
          limit: 500,
          isOver: () => true,
        })
        lines.push(...some.matches.map(({ line }) => line))
        from = some.next
      }
      const expected = Array.from({ length: 100_000 }, (_, line) => line)
      t.strictSame(
        lines,
        expected.filter((line) => String(line).includes('77')),
      )
      t.ok(asked > 5, `asked ${asked} times`)
    })
  })
})

t.test('who comes back to an output from where they were gets each byte once', async (t) => {
  const anyRun = fc.record({ printed: anyPrinted, leaves: fc.array(fc.nat(4), { maxLength: 5 }) })
  const property = fc.asyncProperty(anyRun, async ({ printed, leaves }) => {
    await withFiles(async (files) => {
      const writer = await OutputWriter.open(files)
      let isComplete = false
      const writing = (async () => {
        for (const { type, output } of printed) await writer.append(type, Buffer.from(output))
        await writer.close()
        isComplete = true
      })()
      let text = ''
      let at = 0
      let last: OutputEvent | undefined
      for (const leave of [...leaves, Infinity]) {
        const leaving = new AbortController()
        const events = followOutput({
          open: () => OutputReader.open(files),
          from: at,
          isComplete: async () => isComplete,
          signal: leaving.signal,
        })
        let count = 0
        for await (const event of events) {
          last = event
          if (event.kind === 'output') {
            assert.equal(event.told.from, at)
            at = event.told.to
            text += event.told.pieces.map((piece) => piece.text).join('')
          }
          if (count++ >= leave) break
        }
      }
      await writing
      const bytes = Buffer.from(printed.map(({ output }) => output).join(''))
      assert.equal(text, bytes.toString())
      assert.equal(at, bytes.length)
      if (last?.kind === 'size') {
        const lines = plainLines(bytes).length
        assert.deepEqual(last.size, { lines, bytes: bytes.length, complete: true })
      }
    })
  })
  await t.resolves(fc.assert(property, { numRuns: 25 }))
})

t.test('an output is told from the next whole character', async (t) => {
  await withFiles(async (files) => {
    await store(files, '€uro')
    const events: OutputEvent[] = []
    const signal = new AbortController().signal
    const parts = { open: () => OutputReader.open(files), isComplete: async () => true, signal }
    for await (const event of followOutput({ ...parts, from: 1 })) events.push(event)
    t.match(events, [
      { kind: 'size', size: { lines: 1, bytes: 6, complete: true } },
      { kind: 'output', told: { from: 3, to: 6, pieces: [{ type: 'stdout', text: 'uro' }] } },
    ])
  })
})

t.test('the name of a download is plain, whatever the job is called', async (t) => {
  const name = (of: string) => /filename="(.*)"/.exec(dispositionOf({ id: 'id1', name: of }))?.[1]
  t.equal(name('Fit model.R'), 'Fit-model.R-id1.txt')
  t.equal(name('../../etc/passwd'), 'etc-passwd-id1.txt')
  t.equal(name('a"; x=\r\n<b>\0'), 'a-x-b-id1.txt')
  t.equal(name('日本'), 'job-id1.txt')
})
