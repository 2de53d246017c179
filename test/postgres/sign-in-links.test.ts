import t from 'tap'
import { SignInLinks } from '../../src/postgres/sign-in-links.ts'
import { database, migrated } from '../fixtures/database.ts'

const db = await migrated(t, await database(t))
const links = new SignInLinks({ database: db })

t.test('of twenty who redeem one link at once exactly one is signed in', async (t) => {
  const token = await links.create('ann', 60_000)
  t.match(token, /^[\w-]{43}$/)
  const answers = await Promise.all(Array.from({ length: 20 }, () => links.redeem(token)))
  t.same(
    answers.filter((user) => user !== undefined),
    ['ann'],
  )
  t.equal(await links.redeem(token), undefined)
})

t.test('the table does not hold the token', async (t) => {
  const token = await links.create('ben', 60_000)
  const rows = await db.query('select sign_in_links::text as row from atelier.sign_in_links')
  t.notMatch(JSON.stringify(rows), token)
  t.notMatch(JSON.stringify(rows), Buffer.from(token, 'base64url').toString('hex'))
})

t.test('an expired link signs nobody in and is purged by the next', async (t) => {
  const token = await links.create('eve', -1)
  t.equal(await links.redeem(token), undefined)
  await links.create('ann', 60_000)
  const rows = await db.query(`select 1 from atelier.sign_in_links where user_name = 'eve'`)
  t.same(rows, [])
})

t.test('what is no token signs nobody in', async (t) => {
  for (const token of ['', '\0', '\uD800', 'x'.repeat(100_000)]) {
    t.equal(await links.redeem(token), undefined)
  }
})
