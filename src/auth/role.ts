/** What somebody is on this Atelier: an administrator looks after the nodes, and sees and stops the sessions of all. */
export const ROLES = ['user', 'administrator'] as const

/** A role of the list `ROLES`. */
export type Role = (typeof ROLES)[number]

/** What the system knows of a name. */
export interface FoundAccount {
  readonly uid: number
  /** The names of its groups; empty where nobody asks for them. */
  readonly groups: readonly string[]
}

/** Who may do what. */
export interface RoleRules {
  /** The one person of the method link, who needs no look at the account; undefined for all other methods. */
  readonly onlyUser: string | undefined
  /** Undefined where everybody with an account may sign in. */
  readonly requiredGroup: string | undefined
  readonly adminGroup: string | undefined
  /** Accounts below it are the system's own. */
  readonly minimumUid: number
}

/** Whether somebody may use this Atelier, and as what. */
export type Standing =
  | { readonly admitted: true; readonly role: Role }
  | { readonly admitted: false; readonly why: string }

/** The standing of the account; undefined stands for a name that is no account. */
export function standingOf(found: FoundAccount | undefined, rules: RoleRules): Standing {
  if (found === undefined) return refused('There is no such account on this system.')
  if (found.uid < rules.minimumUid) {
    return refused('This is an account of the system itself, which may not sign in here.')
  }
  const { requiredGroup, adminGroup } = rules
  if (requiredGroup !== undefined && !found.groups.includes(requiredGroup)) {
    return refused(`Only members of the group ${requiredGroup} may sign in here.`)
  }
  const isAdministrator = adminGroup !== undefined && found.groups.includes(adminGroup)
  return { admitted: true, role: isAdministrator ? 'administrator' : 'user' }
}

function refused(why: string): Standing {
  return { admitted: false, why }
}
