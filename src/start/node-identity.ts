import { execa } from 'execa'
import type { Account } from '../accounts.ts'
import type { Config } from '../config.ts'
import { ensureNodeAccount } from '../node-account.ts'
import { programFiles } from '../program-files.ts'
import { copyProgram } from './program-copy.ts'
import type { StartContext } from './start-context.ts'

/** As what a node runs that root starts. */
export interface NodeIdentity {
  /** The program's entry file, where its account can read it. */
  readonly script: string
  readonly environment: Readonly<Record<string, string>>
}

/**
 * The account of the node, made if it is not there, and a program that it can read: ours, or a copy in the data directory
 * where ours is in a place such as /root. Undefined if we are not root, as the node is our own account then.
 */
export async function nodeIdentity(
  { root, script, say }: StartContext,
  config: Config,
): Promise<NodeIdentity | undefined> {
  if (!root) return undefined
  const account = await ensureNodeAccount(config)
  const { name, home } = account
  const environment = { HOME: home, USER: name, LOGNAME: name }
  if (await canRead(account, programFiles(script))) return { script, environment }
  const copy = await copyProgram({
    script,
    data: config.data.directory,
    onCopy: () => {
      say(
        `The account ${name} cannot read ${script}: copying Atelier to ${config.data.directory} for it …`,
      )
    },
  })
  return { script: copy, environment }
}

async function canRead({ uid, gid }: Account, files: readonly string[]): Promise<boolean> {
  const become = [`--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--']
  const look = 'for file; do [ -r "$file" ] || exit 1; done'
  const { failed } = await execa('setpriv', [...become, 'sh', '-c', look, 'sh', ...files], {
    cwd: '/',
    reject: false,
    timeout: 30_000,
  })
  return !failed
}
