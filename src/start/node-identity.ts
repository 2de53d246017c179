import { execa } from 'execa'
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

/** An account that is in no group of ours: what it can read the account of any session can. */
const ANYBODY = ['--reuid=65534', '--regid=65534', '--clear-groups']

/**
 * The account of the node, made if it is not there, and a program that it and all sessions can read: ours, or a copy in the data directory
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
  const files = programFiles(script)
  const own = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--init-groups']
  if ((await canRead(own, files)) && (await canRead(ANYBODY, files))) return { script, environment }
  const copy = await copyProgram({
    script,
    data: config.data.directory,
    onCopy: () => {
      say(
        `Not everybody can read ${script}: copying Atelier to ${config.data.directory} for ${name} and for sessions …`,
      )
    },
  })
  return { script: copy, environment }
}

async function canRead(become: readonly string[], files: readonly string[]): Promise<boolean> {
  const look = 'for file; do [ -r "$file" ] || exit 1; done'
  const { failed } = await execa('setpriv', [...become, '--', 'sh', '-c', look, 'sh', ...files], {
    cwd: '/',
    reject: false,
    timeout: 30_000,
  })
  return !failed
}
