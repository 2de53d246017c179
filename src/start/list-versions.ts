import { execa } from 'execa'
import { findAccount, SESSION_ACCOUNT } from '../accounts.ts'
import type { Config } from '../config.ts'
import { parseVersions, versionJson } from '../ides/language-version.ts'
import { versionPlaces } from '../ides/version-places.ts'
import { versionsScript } from '../ides/versions-script.ts'

/** The path that a session's account starts with. */
const JOB_PATH = '/usr/local/bin:/usr/bin:/bin'

/** What listing versions needs from the process. */
export interface VersionContext {
  readonly config: Config
  readonly root: boolean
  /** The account that runs the command, and the one that called sudo. */
  readonly self: string
  readonly sudoUser: string | undefined
  readonly json: boolean
}

/**
 * The Pythons and Rs that sessions can be started with, as lines for people or as the JSON of `GET /api/v1/versions`. They are
 * looked for now, by the account that sessions run as. Throws an Error if there is no such account.
 */
export async function listVersions(context: VersionContext): Promise<string> {
  const versions = parseVersions(await scan(context))
  if (context.json) return JSON.stringify({ items: versions.map(versionJson) }, null, 2)
  if (versions.length === 0) return 'No Python and no R was found.'
  const width = Math.max(...versions.map(({ label }) => label.length))
  return versions
    .map(({ id, label, kernel }) => {
      const note = kernel ? '' : '  (not for Jupyter: it has no ipykernel)'
      return `${label.padEnd(width)}  ${id}${note}`
    })
    .join('\n')
}

async function scan({ config, root, self, sudoUser }: VersionContext): Promise<string> {
  const named = config.launcher.user ?? (sudoUser === 'root' ? undefined : sudoUser)
  const name = root ? (named ?? SESSION_ACCOUNT) : self
  const account = await findAccount(name)
  if (account === undefined) {
    throw new Error(`There is no account ${name} yet; the first start of Atelier makes it.`)
  }
  const { uid, gid, home, shell } = account
  const become = root ? ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--'] : []
  // env(1) is a program that stands for none when there is nothing to become.
  const { stdout } = await execa(
    'env',
    [...become, '/bin/sh', '-c', versionsScript(versionPlaces(config))],
    {
      cwd: '/',
      stdin: 'ignore',
      stderr: 'ignore',
      extendEnv: false,
      env: {
        HOME: home,
        USER: name,
        LOGNAME: name,
        SHELL: shell,
        LANG: 'C.UTF-8',
        PATH: JOB_PATH,
      },
    },
  )
  return stdout
}
