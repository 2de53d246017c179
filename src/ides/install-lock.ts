import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { execa } from 'execa'

/** Held until released, or until the process that holds it ends, however it ends. */
export interface InstallLock {
  release(): Promise<void>
}

/**
 * Takes the lock of a file if nobody holds it, else resolves with undefined. The kernel keeps it (flock(1)), so that
 * none is left over from a process that was killed. Throws if flock cannot be run.
 */
export async function tryInstallLock(file: string): Promise<InstallLock | undefined> {
  // Whoever can open the file could hold the lock.
  await (await open(file, 'a', 0o600)).close()
  // cat ends with us, as its standard input does.
  const holder = execa('flock', ['-n', file, 'sh', '-c', 'echo held; exec cat'], {
    env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' },
    extendEnv: false,
    stdin: 'pipe',
    buffer: false,
    reject: false,
    // A Ctrl-C at the terminal is for the installer, which still has to clean up under its lock.
    detached: true,
  })
  const held = await Promise.race([
    once(holder.stdout, 'data').then(() => true),
    holder.then(() => false),
  ])
  if (held) {
    return {
      async release() {
        holder.stdin.end()
        await holder
      },
    }
  }
  const { exitCode, message } = await holder
  if (exitCode === 1) return undefined
  throw new Error(`flock cannot be used: ${message ?? exitCode}`)
}
