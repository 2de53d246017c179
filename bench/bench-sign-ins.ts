import type { ClusterKey } from '../src/auth/cluster-key.ts'
import { SignInCookie } from '../src/auth/cookie.ts'
import { Followers } from '../src/auth/followers.ts'
import { SignInUses } from '../src/auth/sign-in-uses.ts'
import { SignIns } from '../src/auth/sign-ins.ts'
import { SignOuts } from '../src/auth/sign-outs.ts'
import { Standings } from '../src/auth/standings.ts'

const DAY_MS = 86_400_000

/** The sign-ins of a node without a database, of one person, as the node checks them. */
export function benchSignIns(clusterKey: ClusterKey, onlyUser: string): SignIns {
  const none = { insert: async () => {}, find: async () => undefined, list: async () => [] }
  const rules = { onlyUser, requiredGroup: undefined, adminGroup: undefined, minimumUid: 1000 }
  return new SignIns({
    cookie: new SignInCookie({ clusterKey }),
    signOuts: new SignOuts({ store: none, onSignedOut: () => {} }),
    standings: new Standings({ lookUp: async () => undefined, rules: () => rules }),
    followers: new Followers(),
    uses: new SignInUses(),
    lifetimes: () => ({ idle: 3 * DAY_MS, absolute: 30 * DAY_MS }),
    proxiedUser: () => ({ kind: 'none' }),
  })
}
