import { fileURLToPath } from 'node:url'
import { PLUGIN_ERROR, PluginError } from '../../launcher/plugin-error.ts'
import type { SubmittedJob } from '../../launcher/protocol-schemas.ts'
import type { Account } from '../../accounts.ts'

/** A program with its arguments and its whole environment. */
export interface Command {
  readonly exe: string
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin'
const ENTRY = 'ATELIER_ENV_'

/**
 * Run as the job's account: gives the job its environment, goes to its working directory and becomes its command, with
 * the usual umask instead of the strict one of our own files.
 * Until here each variable was the value of one with a harmless name: LD_PRELOAD must not reach what runs as root.
 */
const BECOME_JOB = `
while [ "$${ENTRY}COUNT" -gt 0 ]; do
  ${ENTRY}COUNT=$((${ENTRY}COUNT - 1))
  eval "export \\"\\$${ENTRY}$${ENTRY}COUNT\\"; unset ${ENTRY}$${ENTRY}COUNT"
done
unset ${ENTRY}COUNT
if [ ! -x "$ATELIER_DIRECTORY/." ]; then
  echo "$LOGNAME cannot enter $ATELIER_DIRECTORY: each directory above it must let everybody pass (chmod o+x)" >&2
  exit 126
fi
cd "$1" || exit 126
unset OLDPWD
umask 022
shift
exec "$@"
`

/** The environment of a job: that of its account, over it what was submitted, over it what we say. */
export function jobEnvironment(
  { environment }: Pick<SubmittedJob, 'environment'>,
  account: Account,
  ours: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    HOME: account.home,
    USER: account.name,
    LOGNAME: account.name,
    SHELL: account.shell,
    PATH: DEFAULT_PATH,
    LANG: 'C.UTF-8',
    ...Object.fromEntries(environment.map(({ name, value }) => [name, value])),
    ...ours,
  }
}

/**
 * The command that runs a job in its directory. `account` is whom it is to become, null to stay who we are. Nothing
 * of the environment is in the arguments, which anybody can read. Throws PluginError for a name that is no variable.
 */
export function jobCommand(job: {
  readonly directory: string
  readonly account: Account | null
  readonly workingDirectory: string
  readonly command: Command
}): Command {
  const { directory, account, workingDirectory, command } = job
  const entries = Object.entries(command.environment).map(environmentEntry)
  const become = account === null ? [] : asAccount(account)
  const script = fileURLToPath(new URL('start-job.sh', import.meta.url))
  const inner = ['/bin/sh', '-c', BECOME_JOB, 'job', workingDirectory, command.exe, ...command.args]
  return {
    exe: '/bin/sh',
    args: [script, directory, ...become, ...inner],
    environment: {
      PATH: DEFAULT_PATH,
      ...Object.fromEntries(entries.map((entry, index) => [`${ENTRY}${index}`, entry])),
      [`${ENTRY}COUNT`]: String(entries.length),
    },
  }
}

function asAccount({ uid, gid }: Account): string[] {
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--']
}

function environmentEntry([name, value]: [string, string]): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !name.startsWith(ENTRY) && !value.includes('\0')) {
    return `${name}=${value}`
  }
  throw new PluginError(PLUGIN_ERROR.invalidRequest, `${name} cannot be an environment variable.`)
}
