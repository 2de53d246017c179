import t from 'tap'
import { Person } from '../../../src/web/api/person.ts'

t.test('somebody is at a page that was opened or touched lately', (t) => {
  let now = 0
  const page = new EventTarget()
  const person = new Person({ now: () => now })
  person.watch(page)
  t.ok(person.isHere(), 'who has opened it')
  now = 89_000
  t.ok(person.isHere())
  now = 90_000
  t.notOk(person.isHere(), 'a tab that was forgotten')
  page.dispatchEvent(new Event('mousemove'))
  t.notOk(person.isHere())
  for (const event of ['pointerdown', 'keydown', 'wheel']) {
    now += 100_000
    page.dispatchEvent(new Event(event))
    t.ok(person.isHere(), event)
  }
  t.end()
})
