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
  let tail = ''
  const quiet = setTimeout(() => answers.destroy(), QUIET_AFTER)
  try {
    for await (const { output } of answers) {
      quiet.refresh()
      const written = Buffer.from(tail + output)
      tail = fromWholeCharacter(written.subarray(-bytes)).toString('utf8')
    }
  } catch (error) {
    if (!isPremature(error)) throw error
  } finally {
    clearTimeout(quiet)
  }
  return tail
}

/** The bytes from the first that begins a character of UTF-8. */
export function fromWholeCharacter(bytes: Buffer): Buffer {
  const begin = bytes.findIndex((byte) => (byte & 0xc0) !== 0x80)
  return bytes.subarray(begin < 0 ? bytes.length : begin)
}

function isPremature(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'
}
