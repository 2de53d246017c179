import type { IncomingMessage } from 'node:http'
import { findAccount, groupsOf } from './accounts.ts'
import type { ClusterKey } from './auth/cluster-key.ts'
import { SignInCookie } from './auth/cookie.ts'
import { Followers } from './auth/followers.ts'
import { type ProxiedUser, proxiedUser } from './auth/proxied.ts'
import { SignInUses } from './auth/sign-in-uses.ts'
import { SignIns } from './auth/sign-ins.ts'
import type { SignOutStore } from './auth/sign-out.ts'
import { SignOuts } from './auth/sign-outs.ts'
import { Standings } from './auth/standings.ts'
import { addressesIn } from './config/auth-table.ts'
import type { LiveConfig } from './config/live-config.ts'
import type { SignInWays } from './control/sign-in-ways.ts'
import { type Client, clientOf } from './http.ts'
import type { SealedHops } from './peers/sealed-hops.ts'

/** What a node knows of who asks, by sign-in, and of who they are. Nothing of it is started. */
export type SignInSide = ReturnType<typeof signInSide>

/** Builds it. */
export function signInSide(parts: {
  readonly live: LiveConfig
  readonly clusterKey: ClusterKey
  readonly store: SignOutStore
  readonly hopping: SealedHops
}) {
  const { live, clusterKey, store, hopping } = parts
  const { config } = live
  const isLoopback = addressesIn(['127.0.0.0/8', '::1'])
  const isProxy = addressesIn(config.auth.proxied_from)
  const clientOfRequest = (request: IncomingMessage): Client =>
    clientOf(request, hopping.open(request), (address) => isLoopback(address) || isProxy(address))
  const nameOf = (request: IncomingMessage): ProxiedUser => {
    const { method, proxied_header: name, proxied_secret: secret } = config.auth
    if (method !== 'proxied' || secret === undefined) return { kind: 'none' }
    const header = { name, secret, isTrusted: isProxy }
    return proxiedUser(request, clientOfRequest(request).address, header)
  }
  const lifetimes = () => ({
    idle: live.config.auth.idle_seconds * 1000,
    absolute: live.config.auth.lifetime_seconds * 1000,
  })
  const standings = standingsBy(live)
  const followers = new Followers()
  const signOuts = new SignOuts({
    store,
    onSignedOut: ({ user }) =>
      followers.end(user, ({ signIn }) => signIn !== undefined && signOuts.has(signIn)),
  })
  const cookie = new SignInCookie({ clusterKey })
  const signIns = new SignIns({
    cookie,
    signOuts,
    standings,
    followers,
    uses: new SignInUses(),
    lifetimes,
    proxiedUser: nameOf,
  })
  return {
    cookie,
    signIns,
    signOuts,
    standings,
    followers,
    lifetimes,
    proxiedUser: nameOf,
    clientOf: clientOfRequest,
    isSecure: (request: IncomingMessage) => clientOfRequest(request).scheme === 'https',
    ways: (): SignInWays => ({
      method: config.auth.method,
      signInUrl: live.config.auth.sign_in_url ?? null,
      signOutUrl: live.config.auth.sign_out_url ?? null,
    }),
  }
}

function standingsBy(live: LiveConfig): Standings {
  const standings = new Standings({
    async lookUp(user) {
      const account = await findAccount(user)
      if (account === undefined) return undefined
      const { required_group: required, admin_group: admin } = live.config.auth
      const isAsked = required !== undefined || admin !== undefined
      return { uid: account.uid, groups: isAsked ? await groupsOf(user) : [] }
    },
    rules: () => {
      const { config } = live
      return {
        onlyUser: config.auth.method === 'link' ? (config.launcher.user ?? '') : undefined,
        requiredGroup: config.auth.required_group,
        adminGroup: config.auth.admin_group,
        minimumUid: config.launcher.minimum_uid,
      }
    },
  })
  live.onChange(() => standings.forget())
  return standings
}
