import { randomBytes } from 'node:crypto'
import t from 'tap'
import { isOurBearer, readBearer } from '../../src/auth/bearer.ts'
import { ClusterKey } from '../../src/auth/cluster-key.ts'
import { SESSION_SCOPES, SessionTokens } from '../../src/auth/session-tokens.ts'
import { SESSION_STATES } from '../../src/sessions/session.ts'
import { session } from '../fixtures/session.ts'

const clusterKey = new ClusterKey(randomBytes(32))

/** The tokens on a node that knows of this session, or of none. */
function tokens(known?: ReturnType<typeof session>, key = clusterKey): SessionTokens {
  const sessionOf = (id: string) => (id === known?.id ? known : undefined)
  return new SessionTokens({ clusterKey: key, sessionOf })
}

const bearer = (token: string) => `Bearer ${token}`

t.test('the token of a session is good on every node that has the cluster key', (t) => {
  const mine = session({ epoch: 3 })
  const token = tokens().tokenOf(mine)
  t.equal(tokens(mine).verify(bearer(token)), mine)
  t.equal(tokens(mine).verify(`bearer   ${token}`), mine)
  t.equal(tokens(mine).tokenOf(mine), token, 'the same each time')
  t.match(token, /^atl_/, 'scanners find it')
  t.ok(isOurBearer(bearer(token)), 'and it is handed on to nobody')
  t.equal(readBearer(bearer(token)), undefined, 'it is no API token')
  t.strictSame(SESSION_SCOPES, ['read', 'jobs'])
  t.end()
})

t.test('it is good as long as its session lives, and in its epoch only', (t) => {
  const mine = session({ epoch: 3 })
  const token = bearer(tokens().tokenOf(mine))
  for (const state of SESSION_STATES) {
    const lives = state !== 'Stopped' && state !== 'Failed'
    t.equal(tokens({ ...mine, state }).verify(token) !== undefined, lives, state)
  }
  t.equal(tokens({ ...mine, epoch: 4 }).verify(token), undefined, 'it was started anew')
  t.equal(tokens({ ...mine, epoch: 2 }).verify(token), undefined)
  t.equal(tokens({ ...mine, user: 'eve' }).verify(token), undefined, 'it is of another user')
  t.equal(tokens({ ...mine, id: 'other' }).verify(token), undefined)
  t.equal(tokens().verify(token), undefined, 'it is gone')
  t.equal(tokens(mine, new ClusterKey(randomBytes(32))).verify(token), undefined)
  t.end()
})

t.test('nothing that was changed is good', (t) => {
  const mine = session({ epoch: 3 })
  const token = tokens().tokenOf(mine)
  const [id, epoch, signature = ''] = token.slice('atl_session.'.length).split('.')
  const other = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
  const wrong = [
    '',
    token,
    'Bearer',
    bearer(''),
    `Basic ${token}`,
    bearer(token.slice(0, -1)),
    bearer(`${token}A`),
    bearer(`atl_session.${id}.${epoch}.${other}`),
    bearer(`atl_session.${id}.03.${signature}`),
    bearer(`atl_session.${id}.4.${signature}`),
    bearer(`atl_session.${id}.${signature}`),
    bearer(`atl_session.${epoch}.${id}.${signature}`),
    bearer(`atl_${signature}`),
  ]
  for (const header of wrong) t.equal(tokens(mine).verify(header), undefined, header)
  t.end()
})

t.test('what goes on with it ends with the session', (t) => {
  const mine = session()
  const known = tokens(mine)
  let ends = 0
  known.follow(mine, () => (ends += 1))
  const leave = known.follow(mine, () => t.fail('left'))
  known.follow({ id: 'other' }, () => t.fail('of another session'))
  leave()
  known.ended(mine.id)
  known.ended(mine.id)
  t.equal(ends, 1)
  t.end()
})
