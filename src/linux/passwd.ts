import koffi from 'koffi'
import { loadLibrary } from './library.ts'

/** Who an account is for the name service. */
export interface PasswdEntry {
  /** As the name service writes it, which may be otherwise than it was asked for. */
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** Looks an account up by getpwnam(3); undefined if there is none. For programs of one task: it waits for the name service. */
export function passwdEntry(name: string): PasswdEntry | undefined {
  const getpwnam = loadLibrary('libc.so.6').func('getpwnam', 'void *', ['str'])
  const found: bigint | null = getpwnam(name)
  if (found === null) return undefined
  // The other fields come after these.
  const entry = koffi.struct({
    name: 'const char *',
    password: 'const char *',
    uid: 'uint32',
    gid: 'uint32',
  })
  const { uid, gid, ...rest } = koffi.decode(found, entry)
  return { name: rest.name, uid, gid }
}

/** Gives this process, which must be root's, the groups of an account; false if the system refuses. */
export function takeGroups({ name, gid }: PasswdEntry): boolean {
  const initgroups = loadLibrary('libc.so.6').func('initgroups', 'int', ['str', 'uint32'])
  return initgroups(name, gid) === 0
}
