/** The keys of the configuration that decide whose sessions there are. */
export interface SessionUsersConfig {
  readonly launcher: { readonly user?: string | undefined }
  readonly auth?: { readonly method: 'link' | 'pam' | 'proxied' } | undefined
}

/** True when everybody who signs in has sessions of their own; otherwise all sessions are one account's. */
export function isMultiUser({ launcher, auth }: SessionUsersConfig): boolean {
  return launcher.user === undefined && auth !== undefined && auth.method !== 'link'
}

/** The one account whose sessions there are; undefined in multi-user mode. Throws if none is named outside of it. */
export function singleUser(config: SessionUsersConfig): string | undefined {
  const { user } = config.launcher
  if (user !== undefined || isMultiUser(config)) return user
  throw new Error(
    'launcher.user is not set. Name the account that sessions run as, or let people sign in with auth.method.',
  )
}

/** The one account that a Launcher of the account `self` starts jobs for; undefined if for all. Throws as `singleUser`. */
export function jobUser(
  config: SessionUsersConfig,
  self: { readonly name: string; readonly root: boolean },
): string | undefined {
  if (self.root) return singleUser(config)
  return config.launcher.user ?? self.name
}
