import { AtelierError } from '../errors.ts'
import { PAM } from '../linux/pam-codes.ts'
import type { AttemptOutcome } from '../pam/attempt.ts'

const WRONG: readonly number[] = [PAM.authenticationFailed, PAM.userUnknown, PAM.tooManyTries]
const REFUSED: readonly number[] = [PAM.permissionDenied, PAM.accountExpired]
const MUST_CHANGE: readonly number[] = [PAM.newPasswordRequired, PAM.passwordExpired]

/**
 * What a person is told of an attempt that was not let in. A wrong password, an unknown account and one that may never sign
 * in are the same. SIGN_IN_UNAVAILABLE has as its cause what the operator must know.
 */
export function refusalOf(
  outcome: Exclude<AttemptOutcome, { outcome: 'signed in' }>,
): AtelierError {
  if (outcome.outcome === 'trouble') return unavailable(outcome.why)
  const { isBarred, step, code, words } = outcome
  if (isBarred || (step === 'authenticate' && WRONG.includes(code))) {
    return new AtelierError('SIGN_IN_FAILED')
  }
  if (MUST_CHANGE.includes(code)) return new AtelierError('PASSWORD_EXPIRED')
  // The password was right, or the account is closed to all.
  if (step === 'account' || REFUSED.includes(code)) return new AtelierError('ACCOUNT_REFUSED')
  return unavailable(`PAM cannot tell whether a password is right: ${words} (code ${code})`)
}

function unavailable(why: string): AtelierError {
  return new AtelierError('SIGN_IN_UNAVAILABLE', undefined, { cause: new Error(why) })
}
