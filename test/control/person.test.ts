import t from 'tap'
import { isByPerson } from '../../src/control/person.ts'

t.test('what a person does keeps a sign-in, and what a page does by itself does not', (t) => {
  const cases: [what: string, method: string, headers: Record<string, string>, is: boolean][] = [
    ['a change', 'POST', {}, true],
    ['a stop', 'DELETE', {}, true],
    ['a page that is opened', 'GET', { 'sec-fetch-mode': 'navigate' }, true],
    ['a reading just after a touch', 'GET', { 'x-atelier-person': 'true' }, true],
    ['a reading by a forgotten tab', 'GET', { 'sec-fetch-mode': 'cors' }, false],
    ['an event stream', 'GET', { accept: 'text/event-stream' }, false],
    ['a look', 'HEAD', {}, false],
  ]
  for (const [what, method, headers, is] of cases)
    t.equal(isByPerson({ method, headers }), is, what)
  t.end()
})
