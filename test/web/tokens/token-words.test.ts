import t from 'tap'
import { SCOPES } from '../../../src/auth/scopes.ts'
import { curlExample, expiryOf, SCOPE_WORDS } from '../../../src/web/tokens/token-words.ts'

t.test('how it stands with the end of a token', async (t) => {
  const now = Date.parse('2026-01-10T00:00:00Z')
  for (const [expiresAt, expiry] of [
    [null, 'never'],
    ['2026-01-09T23:59:59Z', 'expired'],
    ['2026-01-10T00:00:00Z', 'expired'],
    ['2026-01-16T23:59:59Z', 'soon'],
    ['2026-01-17T00:00:00Z', 'later'],
  ] as const) {
    t.equal(expiryOf({ expiresAt }, now), expiry, String(expiresAt))
  }
})

t.test('every scope is explained', async (t) => {
  t.strictSame(
    SCOPE_WORDS.map(({ scope }) => scope),
    SCOPES,
  )
})

t.test('the example has no secret in it', async (t) => {
  t.equal(
    curlExample('https://a.example'),
    'curl -H "Authorization: Bearer $ATELIER_TOKEN" https://a.example/api/v1/sessions',
  )
})
