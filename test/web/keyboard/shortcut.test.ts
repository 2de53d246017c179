import t from 'tap'
import { shortcutOf } from '../../../src/web/keyboard/shortcut.ts'

const press = {
  key: 'n',
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  repeat: false,
  isComposing: false,
  defaultPrevented: false,
}
const free = { typing: false, covered: false }

t.test('a single key is a shortcut, whatever its case', async (t) => {
  t.equal(shortcutOf(press, free), 'n')
  t.equal(shortcutOf({ ...press, key: 'N' }, free), 'n')
  t.equal(shortcutOf({ ...press, key: '?' }, free), '?')
})

t.test(
  'but not while typing, in a dialog, with a modifier, held down, or of another kind',
  async (t) => {
    t.equal(shortcutOf(press, { ...free, typing: true }), null)
    t.equal(shortcutOf(press, { ...free, covered: true }), null)
    for (const change of ['ctrlKey', 'altKey', 'metaKey', 'repeat', 'isComposing'] as const) {
      t.equal(shortcutOf({ ...press, [change]: true }, free), null, change)
    }
    t.equal(shortcutOf({ ...press, defaultPrevented: true }, free), null)
    t.equal(shortcutOf({ ...press, key: 'Enter' }, free), null)
  },
)
