import t from 'tap'
import {
  mergedList,
  newerOf,
  newestFirst,
  withoutSession,
  withSession,
  withUsage,
} from '../../../src/web/api/session-list.ts'
import type { SessionView } from '../../../src/web/api/session-view.ts'

const view = (id: string, version: number, more: Partial<SessionView> = {}): SessionView => ({
  id,
  user: 'ann',
  name: null,
  node: 'node-1',
  reachable: true,
  ide: 'jupyterlab',
  python: null,
  r: null,
  profile: null,
  folder: null,
  limits: { cpus: null, memoryBytes: null },
  url: `/s/${id}/`,
  state: 'Active',
  desired: 'running',
  reason: null,
  logTail: null,
  createdAt: '2026-01-01T00:00:00Z',
  stateAt: '2026-01-01T00:00:00Z',
  lastUsedAt: '2026-01-01T00:00:00Z',
  stopsAt: null,
  stopsFor: null,
  keepUntil: null,
  keepUntilAtMost: '2026-01-08T00:00:00Z',
  cpuPercent: null,
  memoryBytes: null,
  version,
  ...more,
})

t.test(
  'of two views of a session the newer version wins, of equal ones the later told',
  async (t) => {
    const told = view('a', 2, { cpuPercent: 5 })
    t.equal(newerOf(undefined, told), told)
    t.equal(newerOf(view('a', 1), told), told)
    t.equal(newerOf(view('a', 2), told), told)
    const newer = view('a', 3)
    t.equal(newerOf(newer, told), newer)
  },
)

t.test('a session told of is added, replaces an older version, but not a newer one', async (t) => {
  const list = [view('a', 2), view('b', 2)]
  t.same(
    withSession(list, view('c', 1)).map(({ id }) => id),
    ['c', 'a', 'b'],
  )
  t.same(
    withSession(list, view('b', 3)).map(({ version }) => version),
    [2, 3],
  )
  t.same(
    withSession(list, view('b', 1)).map(({ version }) => version),
    [2, 2],
  )
})

t.test('a removed session leaves the list', async (t) => {
  t.same(
    withoutSession([view('a', 1), view('b', 1)], 'a').map(({ id }) => id),
    ['b'],
  )
})

t.test('usage is set for known sessions only, and their version stays', async (t) => {
  const list = withUsage(
    [view('a', 2), view('b', 2)],
    [
      { id: 'b', cpuPercent: 50, memoryBytes: 1024 },
      { id: 'z', cpuPercent: 1, memoryBytes: 1 },
    ],
  )
  t.same(
    list.map(({ cpuPercent }) => cpuPercent),
    [null, 50],
  )
  t.same(
    list.map(({ version }) => version),
    [2, 2],
  )
})

t.test(
  'a list that was read does not undo what events have told, but decides who is there',
  async (t) => {
    const known = [view('a', 5, { state: 'Stopped' }), view('gone', 1)]
    const list = mergedList(known, [view('a', 4), view('new', 1)])
    t.same(
      list.map(({ id, state }) => `${id} ${state}`),
      ['a Stopped', 'new Active'],
    )
  },
)

t.test('the newest session is first, whatever its state', async (t) => {
  const list = [
    view('old', 1, { createdAt: '2026-01-01T00:00:00Z' }),
    view('new', 1, { createdAt: '2026-01-03T00:00:00Z', state: 'Failed' }),
    view('mid', 1, { createdAt: '2026-01-02T00:00:00Z' }),
  ]
  t.same(
    newestFirst(list).map(({ id }) => id),
    ['new', 'mid', 'old'],
  )
})
