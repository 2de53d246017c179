import assert from 'node:assert/strict'
import fc from 'fast-check'
import { parse } from 'smol-toml'
import t from 'tap'
import { merge, readSetting, sets, type Table } from '../../src/config/settings.ts'

const bareKey = fc.stringMatching(/^[A-Za-z_-]{1,8}$/)
const path = fc.array(bareKey, { minLength: 1, maxLength: 3 })
const leaf = fc.oneof(fc.integer(), fc.boolean(), fc.string(), fc.array(fc.integer()))
const { table } = fc.letrec<{ table: Table }>((tie) => ({
  table: fc.dictionary(
    fc.oneof(bareKey, fc.constantFrom('__proto__', 'constructor', 'toString')),
    fc.oneof({ depthSize: 'small' }, leaf, tie('table')),
    { maxKeys: 4, noNullPrototype: true },
  ),
}))

t.test('a setting is the value that TOML would read, or else the text as it is', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('true', '8080', '[1, 2]', '"a"', "'b'", '{a = 1}', '1e3', '# x', 'a # b', ''),
    fc.webUrl(),
  )
  fc.assert(
    fc.property(path, text, (keys, value) => {
      const setting = readSetting(`${keys.join('.')}=${value}`)
      if (setting === undefined) return assert.match(value, /\p{Surrogate}/u)
      const read = keys.reduce<unknown>((here, key) => (here as Table)[key], setting.table)
      if (read === value) return
      const asToml = parse(`value = ${value}`)['value']
      assert.deepEqual(read, asToml)
      assert.doesNotMatch(value, /[\r\n]/, 'so that it sets nothing beside its key')
    }),
    { numRuns: 1000 },
  )
})

t.test('a setting sets its own key and nothing else', async () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom('a', '.', '=', '"', "'", '\n', '#', '[', ']', '{', '}', ' ', '1')),
  )
  fc.assert(
    fc.property(anything, (written) => {
      const setting = readSetting(typeof written === 'string' ? written : written.join(''))
      if (setting === undefined) return
      let here: unknown = setting.table
      const [first] = Object.keys(setting.table)
      assert.ok(first !== undefined && sets(setting.table, [first]))
      assert.equal(Object.keys(here as Table).length, 1)
      for (here of Object.values(setting.table)) assert.ok(here !== undefined)
    }),
    { numRuns: 2000 },
  )
})

t.test('tables are merged key by key, the later one wins, and no object is harmed', async () => {
  const before = Object.keys(Object.prototype).length
  fc.assert(
    fc.property(table, table, (under, over) => {
      const copy = structuredClone(over)
      const merged = structuredClone(under)
      merge(merged, over)
      assert.deepEqual(over, copy)
      merge(merged, over)
      const twice = structuredClone(merged)
      merge(twice, over)
      assert.deepEqual(twice, merged, 'once more changes nothing')
      for (const key of Object.keys(under)) {
        assert.ok(Object.hasOwn(merged, key))
        if (!Object.hasOwn(over, key)) assert.deepEqual(own(merged, key), own(under, key))
      }
      for (const key of Object.keys(over)) assert.ok(sets(merged, [key]))
      assert.equal(Object.keys(Object.prototype).length, before)
    }),
  )
})

function own(of: Table, key: string): unknown {
  return Object.getOwnPropertyDescriptor(of, key)?.value
}
