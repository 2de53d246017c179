import { z } from 'zod'
import { NotSupported, CheckFailure } from './verdict.ts'
import { PLUGIN_ERROR } from '../launcher/plugin-error.ts'
import { RESPONSE } from '../launcher/protocol.ts'

/** What every message of a plugin has. */
export const message = z.looseObject({
  messageType: z.int(),
  requestId: z.int().nonnegative(),
  responseId: z.int().nonnegative().optional(),
  sequences: z
    .array(z.looseObject({ requestId: z.int().nonnegative(), seqId: z.int().optional() }))
    .nullish(),
})

/** Anything that a plugin has said; only these fields have been looked at. */
export type Message = z.infer<typeof message>

/** A request without its id. */
export interface Question {
  readonly messageType: number
  readonly [field: string]: unknown
}

const error = z.looseObject({ errorCode: z.int(), errorMessage: z.string().default('') })

/** The error in a message, if it is one. Throws CheckFailure for one without a code. */
export function errorIn(answer: Message): z.infer<typeof error> | undefined {
  if (answer.messageType !== RESPONSE.error) return undefined
  return parsed(error, answer, 'an error')
}

/** A message read by `schema`. Throws CheckFailure if it is not `what`, NotSupported if the plugin says so. */
export function answerOf<S extends z.ZodType>(
  answer: Message,
  schema: S,
  what: string,
): z.output<S> {
  const failure = errorIn(answer)
  if (failure === undefined) return parsed(schema, answer, what)
  const said = `error ${failure.errorCode}, “${failure.errorMessage}”`
  if (failure.errorCode !== PLUGIN_ERROR.notSupported) {
    throw new CheckFailure(`Instead of ${what} it answers ${said}.`)
  }
  throw new NotSupported(`It answers ${said}.`)
}

/** Fails unless the message is an error with one of these codes. */
export function expectError(answer: Message, codes: readonly number[], what: string): void {
  const failure = errorIn(answer)
  const wanted = codes.length === 1 ? `error ${codes[0]}` : `error ${codes.join(' or ')}`
  if (failure === undefined) {
    throw new CheckFailure(
      `To ${what} it does not answer ${wanted} but message ${answer.messageType}.`,
    )
  }
  if (codes.includes(failure.errorCode)) return
  const said = `${failure.errorCode}, “${failure.errorMessage}”`
  throw new CheckFailure(`To ${what} it does not answer ${wanted} but error ${said}.`)
}

function parsed<S extends z.ZodType>(schema: S, content: Message, what: string): z.output<S> {
  const result = schema.safeParse(content)
  if (result.success) return result.data
  const problems = z.prettifyError(result.error).replaceAll('\n', '\n    ')
  throw new CheckFailure(`What it answers is not ${what}:\n    ${problems}`)
}
