import { deepStrictEqual, ok } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import {
  COLOURS,
  DEFAULT_SETTINGS,
  DENSITIES,
  OPENS_IN,
  parseSettings,
} from '../../../src/web/settings/settings.ts'
import { SETTINGS_KEY, SettingsStore } from '../../../src/web/settings/settings-store.ts'
import { IDE_NAMES } from '../../../src/sessions/session.ts'

const settings = fc.record(
  {
    colours: fc.constantFrom(...COLOURS),
    density: fc.constantFrom(...DENSITIES),
    openIn: fc.constantFrom(...OPENS_IN),
    notify: fc.boolean(),
    shortcuts: fc.boolean(),
    ide: fc.constantFrom(null, ...IDE_NAMES),
    python: fc.option(fc.string({ maxLength: 100 })),
    r: fc.option(fc.string({ maxLength: 100 })),
  },
  { noNullPrototype: true },
)

t.test('settings are read as they were written', async (t) => {
  fc.assert(
    fc.property(settings, (written) =>
      deepStrictEqual(parseSettings(JSON.stringify(written)), written),
    ),
  )
  t.pass('for all examples')
})

t.test('whatever is stored, settings come of it, each with a value of its own', async (t) => {
  const keys = Object.keys(DEFAULT_SETTINGS)
  const rubbish = fc.oneof(
    fc.string(),
    fc.json(),
    fc.dictionary(fc.constantFrom(...keys), fc.jsonValue()).map((value) => JSON.stringify(value)),
  )
  fc.assert(
    fc.property(rubbish, (text) => {
      const parsed = parseSettings(text)
      deepStrictEqual(Object.keys(parsed).toSorted(), keys.toSorted())
      ok(COLOURS.includes(parsed.colours) && DENSITIES.includes(parsed.density))
      ok(OPENS_IN.includes(parsed.openIn) && typeof parsed.notify === 'boolean')
      ok(parsed.python === null || typeof parsed.python === 'string')
      deepStrictEqual(parseSettings(JSON.stringify(parsed)), parsed)
    }),
  )
  t.pass('for all examples')
})

t.test('a wrong value harms no other', async (t) => {
  const text = '{"colours":"dark","density":7,"notify":"yes","ide":"emacs","python":["x"]}'
  t.strictSame(parseSettings(text), { ...DEFAULT_SETTINGS, colours: 'dark' })
  for (const nothing of [null, '', 'null', '7', '[]', '{']) {
    t.strictSame(parseSettings(nothing), DEFAULT_SETTINGS, String(nothing))
  }
})

t.test('a change is kept and told, and a storage that is forbidden does not stop it', async (t) => {
  const kept = new Map<string, string>()
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
  const store = new SettingsStore({ storage: () => storage })
  let told = 0
  const leave = store.subscribe(() => (told += 1))
  const before = store.current()
  t.equal(store.current(), before, 'the same object until something changes')
  store.change({ density: 'compact' })
  t.equal(parseSettings(kept.get(SETTINGS_KEY) ?? null).density, 'compact')
  kept.set(SETTINGS_KEY, '{"density":"comfortable"}')
  store.reload()
  t.equal(store.current().density, 'comfortable')
  leave()
  store.change({ notify: true })
  t.equal(told, 2)

  const forbidden = new SettingsStore({
    storage: () => {
      throw new Error('SecurityError')
    },
  })
  forbidden.change({ colours: 'dark' })
  t.equal(forbidden.current().colours, 'dark')
})
