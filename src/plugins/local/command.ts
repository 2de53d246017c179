import { fileURLToPath } from 'node:url'
import { PLUGIN_ERROR, PluginError } from '../../launcher/plugin-error.ts'
import type { SubmittedJob } from '../../launcher/protocol-schemas.ts'
import type { Account } from '../../accounts.ts'
import { LOGIN_VARIABLE } from '../../pam/chain.ts'
import { BECOME_JOB, ENTRY_VARIABLE, SCRIPT_VARIABLE } from './become-job.ts'

/** A program with its arguments and its whole environment. */
export interface Command {
  readonly exe: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin'

/** How jobs become those of their accounts. */
export interface Login {
  /** Of their processes, in octal. */
  readonly umask: string
  /** A file that is there while homes are mounted; undefined if that cannot be told. */
  readonly homeMarker: string | undefined
  /** How PAM sessions are opened: the service, and the program of src/pam/session.ts. Undefined to open none. */
  readonly pam: { readonly service: string; readonly program: readonly string[] } | undefined
}

/** How that is where nothing else is said: without PAM. */
export const PLAIN_LOGIN: Login = { umask: '0022', homeMarker: undefined, pam: undefined }

/** The environment that a job has from its account, under that of PAM and of what a login shell reads. */
export function loginEnvironment({ home, name, shell }: Account): Record<string, string> {
  return {
    HOME: home,
    USER: name,
    LOGNAME: name,
    SHELL: shell,
    PATH: DEFAULT_PATH,
    LANG: 'C.UTF-8',
  }
}

/** The environment that a job is given over that of its login: what was submitted, and over it what we say. */
export function jobEnvironment(
  { environment }: Pick<SubmittedJob, 'environment'>,
  ours: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    ...Object.fromEntries(environment.map(({ name, value }) => [name, value])),
    ...ours,
  }
}

/**
 * The command that runs a job in its directory. `become` is true if it is to become its account, false to stay who we are.
 * Nothing of the environment is in the arguments, which anybody can read. Throws PluginError for a name that is no variable.
 */
export function jobCommand(job: {
  readonly directory: string
  readonly account: Account
  readonly become: boolean
  readonly login: Login
  readonly workingDirectory: string
  readonly command: Command
}): Command {
  const { directory, account, become, login, workingDirectory, command } = job
  const { umask, homeMarker, pam } = login
  const confine = ['/bin/sh', fileURLToPath(new URL('confine-job.sh', import.meta.url))]
  const place = [workingDirectory, umask, homeMarker ?? '']
  return {
    exe: '/bin/sh',
    args: [
      fileURLToPath(new URL('start-job.sh', import.meta.url)),
      directory,
      ...(become && pam ? [...pam.program, 'open', pam.service, account.name] : []),
      ...confine,
      ...(become ? asAccount(account, pam !== undefined) : []),
      '/bin/sh',
      '-c',
      `eval "$${SCRIPT_VARIABLE}"`,
      'job',
      ...place,
      command.exe,
      ...command.args,
    ],
    environment: {
      PATH: DEFAULT_PATH,
      [SCRIPT_VARIABLE]: BECOME_JOB,
      ...numbered(LOGIN_VARIABLE, loginEnvironment(account)),
      ...numbered(ENTRY_VARIABLE, command.environment),
    },
  }
}

/** The groups of a PAM session are those of its account and what PAM has added. */
function asAccount({ uid, gid }: Account, hasGroups: boolean): string[] {
  const groups = hasGroups ? '--keep-groups' : '--init-groups'
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, groups, '--']
}

function numbered(
  prefix: string,
  environment: Readonly<Record<string, string>>,
): Record<string, string> {
  const entries = Object.entries(environment).map(environmentEntry)
  return {
    ...Object.fromEntries(entries.map((entry, index) => [`${prefix}${index}`, entry])),
    [`${prefix}COUNT`]: String(entries.length),
  }
}

function environmentEntry([name, value]: [string, string]): string {
  const isOurs = name.startsWith(ENTRY_VARIABLE) || name.startsWith(LOGIN_VARIABLE)
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !isOurs && !value.includes('\0')) {
    return `${name}=${value}`
  }
  throw new PluginError(PLUGIN_ERROR.invalidRequest, `${name} cannot be an environment variable.`)
}
