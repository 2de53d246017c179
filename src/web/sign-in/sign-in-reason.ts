/** Why the sign-in page is shown, if not because somebody asked for it. */
export const SIGN_IN_REASONS = ['signed-out', 'signed-out-elsewhere', 'expired'] as const

/** Why the sign-in page is shown. */
export type SignInReason = (typeof SIGN_IN_REASONS)[number]

const TEXTS: Readonly<Record<SignInReason, string>> = {
  'signed-out': 'You are signed out. Your sessions go on running.',
  'signed-out-elsewhere': 'You signed out in another tab. Your sessions go on running.',
  expired:
    'You are no longer signed in on this server. Your sessions go on running; after signing in you are back where you were.',
}

/** What to tell about a reason; null if it is none. It comes from the history, where anything may be. */
export function reasonText(reason: unknown): string | null {
  const known = SIGN_IN_REASONS.find((each) => each === reason)
  return known === undefined ? null : TEXTS[known]
}
