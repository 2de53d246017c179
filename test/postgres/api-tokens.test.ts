import t from 'tap'
import type { NewApiToken } from '../../src/auth/api-token.ts'
import { bearerTokenHash, newBearerToken } from '../../src/auth/bearer.ts'
import { PostgresApiTokens } from '../../src/postgres/api-tokens.ts'
import { dumpTables } from '../../src/postgres/dump.ts'
import { HintListener } from '../../src/postgres/hints.ts'
import { database, migrated } from '../fixtures/database.ts'
import { silent } from '../fixtures/silent-log.ts'
import { until } from '../fixtures/until.ts'

const db = await migrated(t, await database(t))
const store = new PostgresApiTokens({ database: db })

t.test('a token is found by its hash, and the database does not hold the token', async (t) => {
  const token = newBearerToken()
  const made = await store.insert(wanted({ id: 'one', hash: bearerTokenHash(token) }))
  t.match(made, { id: 'one', user: 'ann', name: 'ci', scopes: ['read', 'sessions'] })
  t.strictSame([made.expiresAt, made.lastUsedAt], [null, null])
  t.strictSame(await store.find(bearerTokenHash(token)), made)
  t.equal(await store.find(bearerTokenHash(newBearerToken())), undefined)
  let dump = ''
  for await (const rows of dumpTables(db)) dump += JSON.stringify(rows)
  t.match(dump, bearerTokenHash(token).toString('hex'))
  t.notMatch(dump, token.slice(4))
  t.notMatch(dump, Buffer.from(token.slice(4), 'base64url').toString('hex'))
})

t.test('a token expires by the clock of the database, and is purged a month later', async (t) => {
  const hash = bearerTokenHash(newBearerToken())
  const { createdAt, expiresAt } = await store.insert(wanted({ id: 'day', hash, expiresInDays: 1 }))
  t.equal((expiresAt?.getTime() ?? 0) - createdAt.getTime(), 24 * 3600 * 1000)
  t.ok(await store.find(hash))
  await age('day', '1 minute')
  t.equal(await store.find(hash), undefined)
  await store.insert(wanted({ id: 'next' }))
  t.ok((await ids('ann')).includes('day'), 'its user still sees that it has expired')
  await age('day', '31 days')
  await store.insert(wanted({ id: 'another' }))
  t.notOk((await ids('ann')).includes('day'))
})

t.test('everybody sees and revokes his own tokens only', async (t) => {
  await store.insert(wanted({ id: 'first', user: 'ben' }))
  await store.insert(wanted({ id: 'second', user: 'ben' }))
  t.strictSame(await ids('ben'), ['first', 'second'])
  t.equal(await store.remove('ann', 'first'), false)
  t.equal(await store.remove('ben', 'first'), true)
  t.equal(await store.remove('ben', 'first'), false)
  t.strictSame(await ids('ben'), ['second'])
  for (const id of ['', '\0', '\uD800']) t.equal(await store.remove('ben', id), false)
})

t.test('a revocation is heard by other nodes', async (t) => {
  const heard: string[] = []
  let resyncs = 0
  const hints = new HintListener({ config: db.config, log: silent })
  t.teardown(() => hints.close())
  hints.listen({
    session: { changed: (id) => void heard.push(`session ${id}`), resync: () => undefined },
    token: { changed: (id) => void heard.push(`token ${id}`), resync: () => void (resyncs += 1) },
    'sign-out': { changed: () => undefined, resync: () => undefined },
    notice: { changed: () => undefined, resync: () => undefined },
    node: { changed: (name) => void heard.push(`node ${name}`), resync: () => undefined },
  })
  await until(() => resyncs === 1)
  await store.insert(wanted({ id: 'gone' }))
  await store.touch('gone')
  await store.remove('ann', 'gone')
  await until(() => heard.length > 0)
  t.strictSame(heard, ['token gone'], 'and neither its making nor its use is')
})

t.test('the last use is written once a minute', async (t) => {
  await store.insert(wanted({ id: 'used', user: 'eve' }))
  const used = async () => (await store.list('eve'))[0]?.lastUsedAt?.getTime()
  await store.touch('used')
  const first = await used()
  t.ok(first)
  await store.touch('used')
  t.equal(await used(), first)
  await db.query(`update atelier.api_tokens set last_used_at = now() - interval '1 minute'`)
  const aged = (await used()) ?? 0
  await store.touch('used')
  t.ok(((await used()) ?? 0) > aged)
})

t.test('neither an unknown scope nor none can be stored', async (t) => {
  for (const scopes of [[], ['root']]) {
    await t.rejects(store.insert(wanted({ id: 'bad', scopes: scopes as never })))
  }
})

function wanted(changes: Partial<NewApiToken>): NewApiToken {
  return {
    id: 'x',
    user: 'ann',
    name: 'ci',
    scopes: ['read', 'sessions'],
    hash: bearerTokenHash(newBearerToken()),
    expiresInDays: null,
    ...changes,
  }
}

async function ids(user: string): Promise<readonly string[]> {
  return (await store.list(user)).map(({ id }) => id)
}

/** Lets a token have expired this long ago. */
async function age(id: string, since: string): Promise<void> {
  await db.query('update atelier.api_tokens set expires_at = now() - $2::interval where id = $1', [
    id,
    since,
  ])
}
