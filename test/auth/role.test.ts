import t from 'tap'
import { type FoundAccount, type RoleRules, standingOf } from '../../src/auth/role.ts'

const rules: RoleRules = {
  onlyUser: undefined,
  requiredGroup: undefined,
  adminGroup: undefined,
  minimumUid: 1000,
}
const ann: FoundAccount = { uid: 1000, groups: ['ann', 'staff', 'domain users'] }

t.test('who may use this Atelier, and as what', (t) => {
  const cases: [
    what: string,
    found: FoundAccount | undefined,
    rules: Partial<RoleRules>,
    outcome: string | RegExp,
  ][] = [
    ['anybody with an account', ann, {}, 'user'],
    ['nobody without', undefined, {}, /no such account/],
    ['a system account', { uid: 999, groups: ['staff'] }, {}, /account of the system itself/],
    ['root', { uid: 0, groups: ['root'] }, { adminGroup: 'root' }, /account of the system itself/],
    ['a member of the required group', ann, { requiredGroup: 'domain users' }, 'user'],
    ['no member of it', ann, { requiredGroup: 'lab' }, /Only members of the group lab/],
    ['an administrator', ann, { adminGroup: 'staff' }, 'administrator'],
    ['no administrator', ann, { adminGroup: 'wheel' }, 'user'],
    [
      'an administrator who is not in the required group',
      ann,
      { adminGroup: 'staff', requiredGroup: 'lab' },
      /Only members/,
    ],
  ]
  for (const [what, found, more, outcome] of cases) {
    const standing = standingOf(found, { ...rules, ...more })
    t.match(standing.admitted ? standing.role : standing.why, outcome, what)
    t.equal(standing.admitted, typeof outcome === 'string', what)
  }
  t.end()
})
