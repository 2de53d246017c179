import { readdirSync, readlinkSync } from 'node:fs'
import { constants } from 'node:os'
import koffi from 'koffi'
import { loadLibrary } from './library.ts'

/** A program that is to take our place. */
export interface Replacement {
  /** Its path; it is not looked for. */
  readonly path: string
  /** With its own name first, as execve(2) has them. */
  readonly args: readonly string[]
  /** Each `NAME=value`. */
  readonly environment: readonly string[]
  /** Descriptors that it gets; all others are closed. */
  readonly keep: (descriptor: number, link: string) => boolean
}

/**
 * Puts another program in the place of this process: same pid, limits and credentials. Node's own threads end, signals have
 * their usual effect again. Returns only if that fails: with the number of the error.
 */
export function execute({ path, args, environment, keep }: Replacement): number {
  const libc = loadLibrary('libc.so.6')
  const signal = libc.func('signal', 'void *', ['int', 'void *'])
  const fcntl = libc.func('fcntl', 'int', ['int', 'int', '...'])
  const execve = libc.func('execve', 'int', ['str', 'str *', 'str *'])
  const list = '/proc/self/fd'
  for (const name of readdirSync(list)) {
    const link = linkOf(`${list}/${name}`)
    if (link === undefined) continue
    fcntl(Number(name), F_SETFD, 'int', keep(Number(name), link) ? 0 : FD_CLOEXEC)
  }
  // What is ignored stays so; Node ignores these.
  for (const name of ['SIGPIPE', 'SIGXFSZ'] as const) signal(constants.signals[name], SIG_DFL)
  execve(path, [...args, null], [...environment, null])
  return koffi.errno()
}

const F_SETFD = 2
const FD_CLOEXEC = 1
const SIG_DFL = null

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    // That of the list itself.
    return undefined
  }
}
