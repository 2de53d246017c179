import t from 'tap'
import type { IdeStatus } from '../../../src/ides/ide.ts'
import { IDE_NAMES, type SessionState } from '../../../src/sessions/session.ts'
import { allowedIdes } from '../../../src/web/new-session/allowed-ides.ts'
import { sessionsLeft } from '../../../src/web/new-session/sessions-left.ts'

const states = (...all: SessionState[]) => all.map((state) => ({ state }))

t.test('the number of sessions is told when it is near its limit', async (t) => {
  const cases: [number | null, SessionState[], boolean, string | null][] = [
    [null, ['Active', 'Active'], false, null],
    [4, ['Active', 'Failed', 'Stopped'], false, null],
    [3, ['Active', 'Stopped'], false, 'You have 1 of 3 sessions: you can start 2 more.'],
    [3, ['Active', 'Lost'], false, 'You have 2 of 3 sessions: you can start 1 more.'],
    [1, ['Failed'], false, 'You may have 1 session at a time.'],
    [2, ['Idle', 'Starting'], true, 'You have 2 of 2 sessions; stop one first.'],
    [2, ['Idle', 'Stopping'], true, 'You have 2 of 2 sessions; wait until one has stopped.'],
    [0, [], true, 'Your administrator allows you no sessions.'],
  ]
  for (const [most, sessions, isReached, text] of cases) {
    t.same(sessionsLeft(most, states(...sessions)), { isReached, text }, `${most} ${text}`)
  }
})

t.test('IDEs that are not allowed are not offered', async (t) => {
  const all = IDE_NAMES.map((name) => ({ name }) as IdeStatus)
  const names = (allowed: Parameters<typeof allowedIdes>[1]) =>
    allowedIdes(all, allowed).map(({ name }) => name)
  t.same(names(null), IDE_NAMES)
  t.same(names(['vscode', 'jupyterlab']), ['jupyterlab', 'vscode'])
  t.same(names([]), [])
})
