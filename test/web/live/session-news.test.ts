import t from 'tap'
import type { SessionState } from '../../../src/sessions/session.ts'
import { newsOf } from '../../../src/web/live/session-news.ts'
import { reasonOf, reasonText } from '../../../src/web/sign-in/sign-in-reason.ts'
import { sessionView } from '../../browser/scenes.ts'

t.test(
  'a session that becomes ready, fails, is lost or comes back is news, anything else is not',
  async (t) => {
    const view = (state: SessionState) => sessionView('a', { state, name: 'tax' })
    t.match(newsOf(view('Starting'), view('Active')), { title: 'tax is ready', url: '/s/a/' })
    t.match(newsOf(view('Active'), view('Failed')), { title: 'tax failed', url: '/sessions/a' })
    t.match(newsOf(view('Idle'), view('Lost')), { title: 'tax is lost', body: /node-1/ })
    t.match(newsOf(view('Lost'), view('Idle')), { title: 'tax is back', url: '/s/a/' })
    t.equal(newsOf(view('Lost'), view('Starting')), null)
    t.equal(newsOf(view('Lost'), view('Lost')), null)
    t.equal(newsOf(view('Idle'), view('Active')), null)
    t.equal(newsOf(view('Active'), view('Active')), null)
    t.equal(newsOf(view('Active'), view('Stopped')), null)
    t.equal(newsOf(undefined, view('Failed')), null, 'what was not known before is no change')
  },
)

t.test('only known reasons to sign in are told', async (t) => {
  t.match(reasonText('signed-out-elsewhere'), /another tab/)
  for (const other of [null, undefined, 7, {}, 'nonesuch', '<b>'])
    t.equal(reasonText(reasonOf(other)), null)
})
