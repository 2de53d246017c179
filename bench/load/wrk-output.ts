import { z } from 'zod'

const resultSchema = z.object({
  requests: z.int().nonnegative(),
  durationUs: z.number().positive(),
  bytes: z.int().nonnegative(),
  p50Us: z.number(),
  p99Us: z.number(),
  errors: z.record(z.string(), z.int()),
})

/** What wrk has measured. `bytes` are those of the answers with their heads. */
export type WrkResult = z.infer<typeof resultSchema>

/** An answer's head is not counted in the length that is asked for; no proxy adds more than this. */
const MOST_HEAD_BYTES = 2048

/**
 * The result in the output of wrk with our script. Throws unless every answer was good and as long as `bodyBytes`, so
 * that nobody wins by failing fast.
 */
export function parseWrk(output: string, bodyBytes: number): WrkResult {
  const [, json] = /^RESULT (.*)$/m.exec(output) ?? []
  if (json === undefined) throw new Error(`wrk told no result: ${output.trim()}`)
  const result = resultSchema.parse(JSON.parse(json))
  const failed = Object.entries(result.errors).filter(([, count]) => count > 0)
  if (failed.length > 0) {
    throw new Error(`requests failed: ${failed.map((each) => each.join(' ')).join(', ')}`)
  }
  if (result.requests === 0) throw new Error('no request was answered')
  const bytes = result.bytes / result.requests
  if (bytes < bodyBytes || bytes > bodyBytes + MOST_HEAD_BYTES) {
    throw new Error(`an answer had ${Math.round(bytes)} bytes instead of ${bodyBytes} and a head`)
  }
  return result
}
