import { loadLibrary } from './library.ts'

const PR_SET_NO_NEW_PRIVS = 38

/**
 * Takes from this thread, and from every program that it starts, the way to more rights by setuid programs such as su;
 * see prctl(2). It cannot be taken back. Throws an Error if the kernel does not do it.
 */
export function takeNoNewPrivileges(): void {
  const prctl = loadLibrary('libc.so.6').func('prctl', 'int', [
    'int',
    'ulong',
    'ulong',
    'ulong',
    'ulong',
  ])
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) !== 0) {
    throw new Error('The kernel does not let this process give up new privileges.')
  }
}
