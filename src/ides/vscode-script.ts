import type { IdeContext } from './ide.ts'
import { folderLines } from './folder-lines.ts'
import { ownProgramLines, withOwnProgram } from './own-program.ts'
import { LOGIN_SHELL, shellQuote } from './shell-quote.ts'
import { moduleLines, versionLines } from './version-lines.ts'

/**
 * Seconds for which a window that lost its connection can come back to its terminals and extensions. The standard
 * three hours would end a computation in a terminal overnight; a timer of Node holds 24 days at most.
 */
const RECONNECTION_SECONDS = 14 * 24 * 3600

/**
 * The start of code-server for one session. Whatever belongs to the session lies in its private folder; the user's
 * settings and extensions are shared by all their VS Code sessions.
 */
export function vscodeScript(program: readonly string[], context: IdeContext): string {
  const words = [
    ...program.map(shellQuote),
    '--socket "$ATELIER_SOCKET"',
    '--socket-mode 660',
    // The socket is in a folder where only the session and the server's group may pass.
    '--auth none',
    // Without it /proxy/<port>/ reaches every port of the server.
    '--disable-proxy',
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-workspace-trust',
    '--disable-getting-started-override',
    `--reconnection-grace-time ${RECONNECTION_SECONDS}`,
    "--app-name 'VS Code'",
    '--config "$data/config.yaml"',
    '--user-data-dir "$data"',
    '--extensions-dir "$shared/extensions"',
    '"$folder"',
  ]
  return [
    'set -eu',
    LOGIN_SHELL,
    // Set in a terminal of another VS Code, it would send the folder there instead of starting.
    'unset VSCODE_IPC_HOOK_CLI',
    'data="$ATELIER_DIRECTORY/vscode"',
    `shared=${shellQuote(`${context.home}/.local/share/atelier/vscode`)}`,
    // Histories of files and secrets of extensions, in a home that others may be able to read.
    '(umask 077; mkdir -p -- "$data" "$shared/User" "$shared/extensions"; chmod 700 -- "$shared")',
    'ln -sfn -- "$shared/User" "$data/User"',
    // code-server writes one with a password into the home if there is none.
    `printf 'auth: none\\n' >"$data/config.yaml"`,
    ...moduleLines(context.versions ?? {}),
    ...versionLines(context.versions ?? {}),
    ...ownProgramLines(context.program),
    ...settingLines(context),
    ...folderLines(context),
    // Where it notes the folder that was opened last, for the list of recent projects.
    ...NOTE_FOLDER,
    `cd -- ${shellQuote(context.home)}`,
    `exec ${withOwnProgram(context.program)}${words.join(' ')}`,
    '',
  ].join('\n')
}

const NOTE_FOLDER = [
  '(umask 077; mkdir -p -- "$shared/opened")',
  'find "$shared/opened" -type f -mtime +90 -exec rm -f -- {} + 2>/dev/null || :',
  // One of its own for each session: code-server opens again what is noted there.
  'ln -sfn -- "$shared/opened/${ATELIER_DIRECTORY##*/}.json" "$data/coder.json"',
]

/**
 * Tells the extensions for Python and R which ones were chosen, and terminals where the session's own commands are: they
 * get the path of a login shell, not ours. A user's own settings stand below a machine's.
 */
function settingLines({ versions = {}, program }: IdeContext): readonly string[] {
  const { python, r } = versions
  if (python === undefined && r === undefined && program === undefined) return []
  const settings = {
    'terminal.integrated.env.linux': { PATH: '${env:ATELIER_DIRECTORY}/bin:${env:PATH}' },
    ...(python && { 'python.defaultInterpreterPath': python.program }),
    ...(r && { 'r.rpath.linux': r.program, 'r.rterm.linux': r.program }),
  }
  return [
    'mkdir -p -- "$data/Machine"',
    `printf %s ${shellQuote(JSON.stringify(settings))} >"$data/Machine/settings.json"`,
  ]
}
