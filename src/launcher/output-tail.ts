import { outputRequest } from './job-requests.ts'
import type { PluginProcess } from './plugin-process.ts'
import { RESPONSES } from './protocol-schemas.ts'

/** Milliseconds without a word after which a plugin that tells everything is taken to have told what there is. */
const QUIET_AFTER = 500

/**
 * The last `bytes` of what a job has written so far. Ours answers just that; of a plugin that does not know how, the
 * whole output is read until it pauses.
 */
export async function outputTail(
  plugin: PluginProcess,
  jobId: string,
  bytes: number,
): Promise<string> {
  const answers = plugin.stream(outputRequest(jobId, bytes), RESPONSES.output)
  let tail = Buffer.alloc(0)
  const quiet = setTimeout(() => answers.destroy(), QUIET_AFTER)
  try {
    for await (const { output } of answers) {
      quiet.refresh()
      tail = lastBytes(Buffer.concat([tail, Buffer.from(output)]), bytes)
    }
  } catch (error) {
    if (!isPremature(error)) throw error
  } finally {
    clearTimeout(quiet)
  }
  return tail.toString('utf8')
}

/** The last `count` bytes at most, beginning with a whole character of UTF-8. */
export function lastBytes(bytes: Buffer, count: number): Buffer<ArrayBuffer> {
  let start = Math.max(0, bytes.length - count)
  if (start > 0) while (((bytes[start] ?? 0) & 0xc0) === 0x80) start++
  return Buffer.from(bytes.subarray(start))
}

function isPremature(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'
}
