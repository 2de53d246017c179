import fc from 'fast-check'
import t from 'tap'
import { readCursor, writeCursor } from '../../src/control/cursor.ts'
import { sessionJson, type SessionJson } from '../../src/control/session-json.ts'
import { SESSION_SORTS, sessionPage, type SessionQuery } from '../../src/control/session-page.ts'
import type { Session } from '../../src/sessions/session.ts'
import { session } from '../fixtures/session.ts'

const extras = {
  report: ({ id, lastUsedAt }: Session) => ({
    id,
    cpuPercent: null,
    memoryBytes: null,
    lastUsedAt: lastUsedAt.getTime(),
    stopsAt: null,
    stopsFor: null,
  }),
  keepUntilAtMost: () => new Date(0),
  isReachable: () => true,
}
const json = (changes: Partial<Session>): SessionJson => sessionJson(session(changes), extras)
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, second))
const ids = (items: readonly SessionJson[]) => items.map(({ id }) => id)
const everything: SessionQuery = { sort: 'createdAt', limit: 200 }

const three = [
  json({ id: 'b', createdAt: at(1), lastUsedAt: at(9), name: 'Thesis', state: 'Active' }),
  json({ id: 'a', createdAt: at(1), lastUsedAt: at(8), ide: 'vscode', state: 'Idle' }),
  json({ id: 'c', createdAt: at(0), lastUsedAt: at(9), name: 'ÄRGER', state: 'Failed' }),
]

t.test('filters and orders', (t) => {
  const cases: [query: Partial<SessionQuery>, wanted: string][] = [
    [{}, 'c a b'],
    [{ sort: '-createdAt' }, 'b a c'],
    [{ sort: 'lastUsedAt' }, 'a b c'],
    [{ sort: '-lastUsedAt' }, 'c b a'],
    [{ state: ['Idle', 'Failed'] }, 'c a'],
    [{ ide: 'vscode' }, 'a'],
    [{ q: 'thes' }, 'b'],
    [{ q: 'ärg' }, 'c'],
    [{ q: 'B' }, 'b'],
    [{ q: 'none' }, ''],
    [{ q: '' }, 'c a b'],
    [{ ide: 'vscode', state: ['Active'] }, ''],
    [{ limit: 3 }, 'c a b'],
  ]
  for (const [query, wanted] of cases) {
    const { items, next } = sessionPage(three, { ...everything, ...query })
    t.equal(ids(items).join(' '), wanted, JSON.stringify(query))
    t.equal(next, null)
  }
  t.end()
})

t.test('pages hold each session once, in order, while others come and go', (t) => {
  const sessions = fc.uniqueArray(
    fc.record({ id: fc.stringMatching(/^[0-9a-z]{1,3}$/), second: fc.nat(3) }),
    { selector: ({ id }) => id, maxLength: 20 },
  )
  const property = fc.property(
    sessions,
    fc.constantFrom(...SESSION_SORTS),
    fc.integer({ min: 1, max: 5 }),
    fc.infiniteStream(fc.boolean()),
    (stay, sort, limit, coins) => {
      const list = stay.map(({ id, second }) =>
        json({ id, createdAt: at(second), lastUsedAt: at(3 - second) }),
      )
      const others = list.map((each) => ({ ...each, id: `${each.id}-other` }))
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const now = [...list, ...others.filter(() => coins.next().value)]
        const page = sessionPage(now, { sort, limit, cursor })
        if (page.items.length > limit) return false
        seen.push(...ids(page.items))
        cursor = page.next ?? undefined
      } while (cursor !== undefined)
      const ours = seen.filter((id) => !id.endsWith('-other'))
      const wanted = ids(sessionPage(list, { ...everything, sort }).items)
      return ours.join() === wanted.join() && new Set(seen).size === seen.length
    },
  )
  fc.assert(property)
  t.end()
})

t.test('a cursor is read as it was written, and anything else is refused', (t) => {
  const cursor = { sort: 'createdAt', time: 1_767_268_800_000, id: 'abc' }
  t.strictSame(readCursor(writeCursor(cursor), 'createdAt'), cursor)
  t.match(writeCursor(cursor), /^[\w-]+$/)
  t.throws(() => readCursor(writeCursor(cursor), '-createdAt'), {
    code: 'BAD_REQUEST',
    message: 'cursor: belongs to a list with sort=createdAt.',
  })
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String(), fc.json()), (text) => {
      try {
        readCursor(text, 'createdAt')
        return false
      } catch (error) {
        return error instanceof Error && error.message.startsWith('cursor: ')
      }
    }),
  )
  t.end()
})
