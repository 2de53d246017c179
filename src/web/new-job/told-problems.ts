import { ApiError } from '../api/api.ts'

/** What the server found wrong, by field where it names one. */
export interface ToldProblems<F extends string> {
  readonly fields: Partial<Record<F, string>>
  /** What belongs to no field; null if there is nothing. */
  readonly rest: string | null
}

/** Codes that say by themselves which field is meant. */
const OF_CODE: Readonly<Record<string, string>> = {
  COMMAND_UNKNOWN: 'command',
  PROFILE_UNKNOWN: 'profile',
  CLUSTER_UNKNOWN: 'cluster',
}

/**
 * Sorts what an error says by the fields it names: the server writes `args.0: too long; webhook: no address.`, perhaps with
 * `request.` before it.
 */
export function toldProblems<F extends string>(
  error: Error | null,
  known: readonly F[],
): ToldProblems<F> {
  if (error === null) return { fields: {}, rest: null }
  const code = error instanceof ApiError ? error.code : ''
  const ofCode = known.find((field) => field === OF_CODE[code])
  if (ofCode !== undefined) {
    const fields: Partial<Record<F, string>> = {}
    fields[ofCode] = error.message
    return { fields, rest: null }
  }
  if (code !== 'BAD_REQUEST') return { fields: {}, rest: error.message }
  const fields: Partial<Record<F, string>> = {}
  const rest: string[] = []
  for (const part of error.message.split(/; (?=[\w.]+: )/)) {
    const [, path = '', told = ''] = /^(?:request\.)?([\w.]+): (.*)$/s.exec(part) ?? []
    const field = known.find((each) => each === path.split('.')[0])
    if (field === undefined) rest.push(part)
    else fields[field] = sentence(told)
  }
  return { fields, rest: rest.length === 0 ? null : rest.join('; ') }
}

function sentence(text: string): string {
  const trimmed = text.trim()
  const upper = trimmed.charAt(0).toUpperCase() + trimmed.slice(1)
  return /[.!?]$/.test(upper) ? upper : `${upper}.`
}
