import { outputRequest, type AskedJob } from './job-requests.ts'
import type { PluginProcess } from './plugin-process.ts'
import { RESPONSES } from './protocol-schemas.ts'

/** Milliseconds without a word after which a plugin that tells everything is taken to have told what there is. */
const QUIET_AFTER = 500
/** Milliseconds after which one that does not pause is left. */
const READ_MOST = 5_000

/**
 * The last `bytes` of what a job has written so far. Ours answers just that; of a plugin that does not know how, the
 * whole output is read until it pauses, for five seconds at most.
 */
export async function outputTail(
  plugin: PluginProcess,
  job: AskedJob,
  bytes: number,
): Promise<string> {
  const answers = plugin.stream(outputRequest(job, { tailBytes: bytes }), RESPONSES.output)
  let tail = ''
  const quiet = setTimeout(() => answers.destroy(), QUIET_AFTER)
  const late = setTimeout(() => answers.destroy(), READ_MOST)
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
    clearTimeout(late)
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
