import type { Scope } from '../../auth/scopes.ts'
import type { TokenView } from './token-view.ts'

/** The scopes of a token and what each allows. */
export const SCOPE_WORDS: readonly { scope: Scope; title: string; allows: string }[] = [
  {
    scope: 'read',
    title: 'Read',
    allows: 'See your sessions and jobs, their output and what the server has.',
  },
  {
    scope: 'sessions',
    title: 'Sessions',
    allows: 'Start, rename and stop sessions in your name.',
  },
  {
    scope: 'jobs',
    title: 'Jobs',
    allows: 'Run, schedule and stop jobs in your name.',
  },
  {
    scope: 'admin',
    title: 'Admin',
    allows:
      'Make and revoke your tokens, and look after the cluster. Few programs need it: whoever has it can make further tokens.',
  },
]

/** How long a token may live, in days; null for ever. */
export const LIFETIMES: readonly { days: number | null; label: string }[] = [
  { days: 30, label: '30 days' },
  { days: 90, label: '90 days' },
  { days: 365, label: '1 year' },
  { days: null, label: 'Never' },
]

const DAY_MS = 24 * 60 * 60 * 1000
const SOON_DAYS = 7

/** How it stands with the end of a token, at the server's time `now` in ms. */
export function expiryOf(
  { expiresAt }: Pick<TokenView, 'expiresAt'>,
  now: number,
): 'never' | 'later' | 'soon' | 'expired' {
  if (expiresAt === null) return 'never'
  const left = Date.parse(expiresAt) - now
  if (left <= 0) return 'expired'
  return left < SOON_DAYS * DAY_MS ? 'soon' : 'later'
}

/** A command that tries the token; it asks for the token, so that no history has it. */
export function curlExample(origin: string): string {
  return `curl -H "Authorization: Bearer $ATELIER_TOKEN" ${origin}/api/v1/sessions`
}
