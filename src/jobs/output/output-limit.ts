import { wholeCharacters } from './whole-characters.ts'

/** What is said at the end of an output that was longer than `limit` bytes. */
export function limitNotice(limit: number): Buffer {
  const mib = Math.round((limit / 1_048_576) * 10) / 10
  return Buffer.from(
    `\n[… Of what this job prints only the first ${mib} MiB are kept (jobs.output_limit_mib) …]\n`,
  )
}

/** As many of these bytes as there is room for, in whole characters. */
export function upTo(bytes: Buffer, room: number): Buffer {
  if (bytes.length <= room) return bytes
  const kept = bytes.subarray(0, Math.max(0, room))
  return kept.subarray(0, wholeCharacters(kept))
}
