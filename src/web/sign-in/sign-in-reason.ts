/** Why the sign-in page is shown, if not because somebody asked for it. */
export const SIGN_IN_REASONS = [
  'signed-out',
  'signed-out-everywhere',
  'signed-out-here',
  'signed-out-elsewhere',
  'expired',
] as const

/** Why the sign-in page is shown. */
export type SignInReason = (typeof SIGN_IN_REASONS)[number]

const TEXTS: Readonly<Record<SignInReason, string>> = {
  'signed-out': 'You are signed out. Your sessions go on running.',
  'signed-out-everywhere':
    'You are signed out in this browser and in all others. Your sessions go on running.',
  'signed-out-here':
    'You are signed out in this browser and on this server. The database is unavailable, so the other servers hear of it only when it answers again. Your sessions go on running.',
  'signed-out-elsewhere': 'You signed out in another tab. Your sessions go on running.',
  expired:
    'You are no longer signed in on this server. Your sessions go on running; after signing in you are back where you were.',
}

/** The reason; null if it is none. It comes from the history, where anything may be. */
export function reasonOf(reason: unknown): SignInReason | null {
  return SIGN_IN_REASONS.find((each) => each === reason) ?? null
}

/** What to tell about a reason. */
export function reasonText(reason: SignInReason | null): string | null {
  return reason === null ? null : TEXTS[reason]
}

/** True if it was the user who wanted to be signed out in this browser, and not to be signed in again at once. */
export function hasSignedOut(reason: SignInReason | null): boolean {
  return reason !== null && reason !== 'expired'
}
