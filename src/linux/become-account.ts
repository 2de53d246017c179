import {
  getegid,
  geteuid,
  getgid,
  getgroups,
  getuid,
  initgroups,
  setgid,
  setuid,
} from 'node:process'

declare global {
  namespace NodeJS {
    interface Process {
      /** Documented, and missing in the types. */
      initgroups?(user: string, extraGroup: number): void
    }
  }
}

/** Whom to become. */
export interface NewIdentity {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/**
 * Makes this process, which root started, that account for good: its uid, its group and its supplementary groups and no
 * others; all capabilities are gone with it. Throws an Error if anything of root is left.
 */
export function becomeAccount({ name, uid, gid }: NewIdentity): void {
  if (!initgroups || !setgid || !setuid) throw new Error('This system has no accounts to become.')
  // In this order: each step needs the rights that the last one gives up.
  initgroups(name, gid)
  setgid(gid)
  setuid(uid)
  const own = [getuid?.(), geteuid?.(), getgid?.(), getegid?.()]
  const isChanged = own.join() === [uid, uid, gid, gid].join() && !getgroups?.().includes(0)
  if (!isChanged || canReturn()) throw new Error(`This process did not become ${name} for good.`)
}

function canReturn(): boolean {
  try {
    setuid?.(0)
    return true
  } catch {
    return false
  }
}
