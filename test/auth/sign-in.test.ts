import t from 'tap'
import { endOf, isRenewalDue, type SignIn } from '../../src/auth/sign-in.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const signIn: SignIn = { id: 'x', user: 'ann', at: 0, renewedAt: HOUR, end: 24 * HOUR }

t.test('a sign-in ends when it is not used, and at last in any case', (t) => {
  const day = { idle: 2 * HOUR, absolute: 24 * HOUR }
  const cases: [what: string, end: number, of: [SignIn, typeof day, number?]][] = [
    ['unused since its renewal', 3 * HOUR, [signIn, day]],
    ['used later here', 4 * HOUR, [signIn, day, 2 * HOUR]],
    ['used earlier than renewed', 3 * HOUR, [signIn, day, 0]],
    ['used to the last', 24 * HOUR, [signIn, day, 23.5 * HOUR]],
    ['a shorter idle time holds at once', 90 * MINUTE, [signIn, { ...day, idle: HOUR / 2 }]],
    ['a shorter lifetime too', 2 * HOUR, [signIn, { ...day, absolute: 2 * HOUR }]],
    [
      'a longer lifetime does not make it longer',
      24 * HOUR,
      [signIn, { idle: 99 * HOUR, absolute: 99 * HOUR }],
    ],
  ]
  for (const [what, end, of] of cases) t.equal(endOf(...of), end, what)
  t.end()
})

t.test('a cookie is made anew for use, and not with each request', (t) => {
  const long = { idle: 72 * HOUR, absolute: 720 * HOUR }
  const short = { idle: 10 * MINUTE, absolute: HOUR }
  const cases: [what: string, due: boolean, of: Parameters<typeof isRenewalDue>][] = [
    ['nobody used it', false, [signIn, long, undefined]],
    ['used at once', false, [signIn, long, HOUR]],
    ['used within the hour', false, [signIn, long, HOUR + 59 * MINUTE]],
    ['used an hour later', true, [signIn, long, 2 * HOUR]],
    ['a short one sooner', true, [signIn, short, HOUR + MINUTE]],
    ['but not at once', false, [signIn, short, HOUR + MINUTE / 2]],
  ]
  for (const [what, due, of] of cases) t.equal(isRenewalDue(...of), due, what)
  t.end()
})
