import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { editDistance, nearest } from '../../src/config/nearest.ts'

const KEYS = ['server.port', 'server.host', 'sessions.idle_after_seconds', 'log.level']

t.test('the key that was probably meant', (t) => {
  const cases: [word: string, meant: string | undefined][] = [
    ['server.prot', 'server.port'],
    ['sever.port', 'server.port'],
    ['port', 'server.port'],
    ['session.idle_after_seconds', 'sessions.idle_after_seconds'],
    ['log.levle', 'log.level'],
    ['database.level', 'log.level'],
    ['completely.different', undefined],
    ['', undefined],
  ]
  for (const [word, meant] of cases) t.equal(nearest(word, KEYS), meant, word)
  t.equal(nearest('server.port', []), undefined)
  t.end()
})

t.test('edit distance is a metric', (t) => {
  const word = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') })
  fc.assert(
    fc.property(word, word, word, (a, b, c) => {
      const distance = editDistance(a, b)
      assert.equal(distance === 0, a === b)
      assert.equal(distance, editDistance(b, a))
      assert.ok(distance <= editDistance(a, c) + editDistance(c, b))
      assert.ok(
        distance >= Math.abs(a.length - b.length) && distance <= Math.max(a.length, b.length),
      )
    }),
  )
  t.end()
})
