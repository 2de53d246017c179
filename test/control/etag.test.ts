import t from 'tap'
import { etagOf, etagsHeader, namesVersion, preconditionOf } from '../../src/control/etag.ts'
import { fingerprintOf, idempotencyKey } from '../../src/control/idempotency.ts'
import { session } from '../fixtures/session.ts'

t.test('a header of ETags names versions', (t) => {
  const cases: [header: string, isHeader: boolean, names7: boolean][] = [
    ['"7"', true, true],
    ['W/"7"', true, true],
    ['*', true, true],
    ['"6", "7"', true, true],
    ['"6" ,W/"8"', true, false],
    ['"77"', true, false],
    ['""', true, false],
    ['7', false, false],
    ['"7', false, false],
    ['"7" "8"', false, false],
    ['*, "7"', false, true],
    ['', false, false],
  ]
  for (const [header, isHeader, names7] of cases) {
    t.equal(etagsHeader.safeParse(header).success, isHeader, header)
    t.equal(namesVersion(header, 7), names7, header)
  }
  t.equal(etagOf({ version: 7 }), '"7"')
  t.equal(preconditionOf(undefined), undefined)
  t.equal(preconditionOf('"7"')?.(session({ version: 7 })), true)
  t.equal(preconditionOf('"7"')?.(session({ version: 8 })), false)
  t.end()
})

t.test('the same body has the same fingerprint, in whatever order it is written', (t) => {
  const print = fingerprintOf({ ide: 'vscode', name: 'x' })
  t.equal(fingerprintOf({ name: 'x', ide: 'vscode' }), print)
  for (const other of [{ ide: 'vscode' }, { ide: 'vscode', name: 'y' }, ['vscode', 'x'], null]) {
    t.not(fingerprintOf(other), print, JSON.stringify(other))
  }
  t.ok(idempotencyKey.safeParse('"8e03978e-40d5-43dd-bc93-6894a57f9324"').success)
  for (const bad of ['', 'a b', 'ä', 'x'.repeat(256), 'a\n']) {
    t.notOk(idempotencyKey.safeParse(bad).success, bad)
  }
  t.end()
})
