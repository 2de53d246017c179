/**
 * The variables in which the start of a job carries its login's environment to where it has become its account, numbered
 * from 0, each `NAME=value`; with `COUNT` after it, how many there are.
 */
export const LOGIN_VARIABLE = 'ATELIER_LOGIN_'

/** Where the start of a job tells why it cannot be: each line replaces the one before, an empty one takes it back. */
export const TROUBLE_DESCRIPTOR = 3

/** The file of an open PAM session in its job's directory. */
export const SESSION_FILE = 'pam-session'

/** What it holds, as JSON: all that is needed to close the session, by another process. */
export interface OpenSession {
  readonly service: string
  readonly user: string
  /** The start of the system that it belongs to. */
  readonly bootId: string
  /** What PAM's modules have set, each `NAME=value`. */
  readonly environment: readonly string[]
}

/** The environment of a program with these variables, each `NAME=value`, added to those of the login. */
export function withLogin(
  environment: Readonly<Record<string, string | undefined>>,
  added: readonly string[],
): string[] {
  const { [`${LOGIN_VARIABLE}COUNT`]: count = '0', ...others } = environment
  // A shell takes no other names, and ours are not for PAM.
  const usable = added.filter((entry) => /^(?!ATELIER_)[A-Za-z_][A-Za-z0-9_]*=/.test(entry))
  const total = Number(count) + usable.length
  return [
    ...Object.entries(others).map(([name, value]) => `${name}=${value}`),
    ...usable.map((entry, index) => `${LOGIN_VARIABLE}${Number(count) + index}=${entry}`),
    `${LOGIN_VARIABLE}COUNT=${total}`,
  ]
}
