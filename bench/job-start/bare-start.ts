import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { jobAccount } from './job-account.ts'
import type { NotedCommand } from './noted-command.ts'

/** The least that can be done to run a command as an account with a clean environment: setpriv, env and the command. */
export async function startBare(
  { script }: NotedCommand,
  account: Awaited<ReturnType<typeof jobAccount>>,
): Promise<{ readonly pid: number; kill(): Promise<void> }> {
  const { name, home, shell, uid, gid, become } = account
  const as = become ? ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--'] : []
  const entries = { HOME: home, USER: name, LOGNAME: name, SHELL: shell, PATH: '/usr/bin:/bin' }
  const clean = ['env', '-i', ...Object.entries(entries).map(([key, value]) => `${key}=${value}`)]
  const [file, ...args] = [...as, ...clean, '/bin/sh', '-c', script]
  const child = spawn(file, args, { stdio: 'ignore', detached: true })
  const exited = once(child, 'exit')
  await once(child, 'spawn')
  return {
    pid: child.pid ?? 0,
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}
