/**
 * How a system arranges PAM: with the files common-* (Debian, Ubuntu, SUSE), with password-auth (Red Hat, Fedora and their
 * kin), with system-auth (Arch), or with none of them.
 */
export type PamStyle = 'common' | 'password-auth' | 'system-auth' | 'plain'

/**
 * Our service, as a file of /etc/pam.d. It leaves to the system how accounts are checked: SSSD, LDAP and homes that are made
 * come with that.
 */
export function serviceText(style: PamStyle): string {
  const { auth, account, session } = INCLUDES[style]
  const lines = [
    ...HEAD,
    `auth       ${auth}`,
    'account    required     pam_nologin.so',
    `account    ${account}`,
    'session    optional     pam_loginuid.so',
    'session    optional     pam_keyinit.so force',
    'session    optional     pam_env.so',
    ...(style === 'common'
      ? ['session    optional     pam_env.so envfile=/etc/default/locale']
      : []),
    'session    required     pam_limits.so',
    `session    ${session}`,
  ]
  return `${lines.join('\n')}\n`
}

const HEAD = [
  '# PAM for Atelier. auth and account: who signs in on its pages. account and session: each session that it starts.',
  '# Made by "atelier pam install", which never changes it again: edit it as you like.',
]

const INCLUDES: Readonly<Record<PamStyle, Record<'auth' | 'account' | 'session', string>>> = {
  common: {
    auth: 'include      common-auth',
    account: 'include      common-account',
    session: 'include      common-session',
  },
  'password-auth': {
    auth: 'substack     password-auth',
    account: 'include      password-auth',
    session: 'include      password-auth',
  },
  'system-auth': {
    auth: 'include      system-auth',
    account: 'include      system-auth',
    session: 'include      system-auth',
  },
  plain: {
    auth: 'required     pam_unix.so',
    account: 'required     pam_unix.so',
    session: 'required     pam_unix.so',
  },
}
