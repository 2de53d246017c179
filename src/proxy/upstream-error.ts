import { AtelierError, systemCode } from '../errors.ts'

const TIMEOUTS = new Set([
  'EAGAIN',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
])
const UNREACHABLE =
  /^(?:UND_ERR_|HPE_|E(?:ACCES|CONN|HOST|NET|NOENT|NOTFOUND|NOTSOCK|PIPE|AI_AGAIN))/

/** What went wrong between us and an IDE as an error of the list; the original, with its addresses, is the cause. */
export function upstreamError(error: unknown): AtelierError {
  if (error instanceof AtelierError) return error
  const code = systemCode(error) ?? ''
  if (TIMEOUTS.has(code)) return new AtelierError('IDE_TIMEOUT', undefined, { cause: error })
  // Undici's error for what is no HTTP has a name but not always a code.
  const isNoHttp = error instanceof Error && error.name === 'HTTPParserError'
  if (isNoHttp || UNREACHABLE.test(code))
    return new AtelierError('IDE_UNREACHABLE', undefined, { cause: error })
  return new AtelierError('INTERNAL', undefined, { cause: error })
}
