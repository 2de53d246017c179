import t from 'tap'
import { SignInThrottle } from '../../src/launcher/sign-in-throttle.ts'

t.test('whoever guesses must wait, longer each time, and nobody else', async (t) => {
  let now = 1_000_000
  const throttle = new SignInThrottle({ now: () => now })
  const begin = (user = 'alice') => throttle.begin(user)
  const refused = (user = 'alice') => t.throws(() => begin(user), { code: 'TOO_MANY_REQUESTS' })
  for (let attempt = 0; attempt < 5; attempt++) begin()
  for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
    now += seconds * 1000 - 1
    refused()
    refused('ALICE')
    begin('bob')
    throttle.forgive('bob')
    now += 1
    begin()
  }
  throttle.forgive('Alice')
  for (let attempt = 0; attempt < 5; attempt++) begin()
  t.throws(() => begin(), { message: /again in 1 s/ })
  now += 15 * 60_000 + 1
  for (let attempt = 0; attempt < 5; attempt++) begin()
  refused()
})

t.test('any number of names takes only so much memory', async (t) => {
  const throttle = new SignInThrottle({ now: () => 0 })
  for (let attempt = 0; attempt < 5; attempt++) throttle.begin('first')
  t.throws(() => throttle.begin('first'))
  for (let each = 0; each < 10_000; each++) throttle.begin(`name-${each}`)
  throttle.begin('first')
})
