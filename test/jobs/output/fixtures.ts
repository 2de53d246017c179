import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { outputFiles, type OutputFiles } from '../../../src/jobs/output/output-files.ts'
import { OutputReader } from '../../../src/jobs/output/output-reader.ts'
import type { OutputStreamName } from '../../../src/jobs/output/output-streams.ts'
import { isInner } from '../../../src/jobs/output/whole-characters.ts'
import type { JobOutput } from '../../../src/launcher/job.ts'

/** Files of an output in a directory of their own, for as long as `work` takes. */
export async function withFiles<T>(work: (files: OutputFiles) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'atelier-output-'))
  try {
    return await work(outputFiles(root, 'job-of-a-test'))
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

/** Reads an output from its files. */
export async function reading<T>(
  files: OutputFiles,
  work: (reader: OutputReader) => Promise<T>,
): Promise<T> {
  const reader = await OutputReader.open(files)
  if (reader === undefined) throw new Error('there is no output')
  try {
    return await work(reader)
  } finally {
    await reader.close()
  }
}

/** The text of each stream, by what is stored. */
export async function storedText(files: OutputFiles): Promise<Record<OutputStreamName, string>> {
  return reading(files, async (reader) => {
    const text = { stdout: '', stderr: '', mixed: '', notice: '' }
    for (const { from, to, stream } of await reader.segments(0, await reader.size())) {
      text[stream] += (await reader.bytes(from, to - from)).toString('utf8')
    }
    return text
  })
}

/** Text with everything in it that could go wrong: characters of each length, ends of lines, long lines. */
export const anyText = fc.oneof(
  { weight: 5, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 3, arbitrary: fc.constantFrom('\n', 'a\n', '€\n', '😀', 'é', '\r\n', '') },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('x', 'é', '€', '😀', 'ab\n'), fc.integer({ min: 1000, max: 40_000 }))
      .map(([text, times]) => text.repeat(times)),
  },
)

/** What a job prints, in order. */
export const anyPrinted = fc.array(
  fc.record({
    type: fc.constantFrom('stdout' as const, 'stderr' as const),
    output: anyText,
  }),
  { maxLength: 25 },
)

/** The same in other pieces, cut at these places of each piece, also in the middle of a character. */
export function cutAnew(printed: readonly JobOutput[], places: readonly number[]): JobOutput[] {
  return printed.flatMap(({ type, output }, at) => {
    const place = (places[at % Math.max(1, places.length)] ?? 0) % (output.length + 1)
    return [
      { type, output: output.slice(0, place) },
      { type, output: output.slice(place) },
    ]
  })
}

/** The lines of these bytes, found in the most simple way. */
export function plainLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  let line: number[] = []
  const end = () => {
    lines.push(Buffer.from(line))
    line = []
  }
  for (const byte of bytes) {
    if (line.length >= 8192 && byte !== 10 && (!isInner(byte) || line.length >= 8195)) end()
    line.push(byte)
    if (byte === 10) end()
  }
  if (line.length > 0) end()
  return lines
}
