import type { IdeContext } from './ide.ts'
import type { RServer } from './rstudio-server.ts'
import { folderLines } from './folder-lines.ts'
import { ownProgramLines, withOwnProgram } from './own-program.ts'
import { LOGIN_SHELL, shellQuote } from './shell-quote.ts'
import { moduleLines, versionLines } from './version-lines.ts'

/** Tenths of a second after which R is interrupted if it has not saved its session by then, to save it all the same. */
const PATIENCE = 50

/** The longest path of a unix socket, in bytes. */
const LONGEST_SOCKET = 107

/**
 * The start of RStudio Server for one session, and its end: R saves its session before anything is killed. All that
 * belongs to the server lies in the session's private folder; what R saves lies in the home, where the next session of
 * RStudio finds it.
 */
export function rstudioScript({ file, options, rsession }: RServer, context: IdeContext): string {
  const words = optionWords(context.prefix)
    .filter(([name]) => options.has(name))
    .map(([name, value]) => `"--${name}=${value}"`)
  return [
    'set -eu',
    LOGIN_SHELL,
    'USER=$(id -un)',
    'export USER',
    ...moduleLines(context.versions ?? {}),
    ...versionLines(context.versions ?? {}),
    ...ownProgramLines(context.program),
    ...folderLines(context),
    PROJECT,
    FILES,
    ...(rsession === null || !options.has('rsession-path')
      ? []
      : [wrapper(rsession, withOwnProgram(context.program))]),
    `cd -- ${shellQuote(context.home)}`,
    `set -- ${words.join(' ')}`,
    'if [ -x "$data/rsession" ]; then set -- "$@" "--rsession-path=$data/rsession"; fi',
    'if r=$(command -v R); then set -- "$@" "--rsession-which-r=$r"; fi',
    // Else a program in the background, and all that it starts, could not be interrupted.
    'interruptible=',
    'if env --default-signal=INT true 2>/dev/null; then interruptible="env --default-signal=INT,QUIT"; fi',
    SUSPEND,
    OPEN_SOCKET,
    `$interruptible ${shellQuote(file)} "$@" &`,
    WAIT,
    '',
  ].join('\n')
}

/** Every option with its value, as it stands between double quotes of a shell. */
function optionWords(prefix: string): readonly (readonly [name: string, value: string])[] {
  return [
    ['server-daemonize', '0'],
    ['server-user', '$USER'],
    ['server-working-dir', '/'],
    // Only the account, which it would sign in, and the server, which asks who comes, can reach the socket.
    ['auth-none', '1'],
    ['auth-validate-users', '0'],
    ['auth-minimum-user-id', '0'],
    // A page that was left alone for an hour would have to sign in anew.
    ['auth-timeout-minutes', '0'],
    ['www-socket', '$ATELIER_SOCKET'],
    ['www-root-path', prefix],
    ['www-frame-origin', 'same'],
    ['www-verify-user-agent', '0'],
    ['www-same-site', 'lax'],
    ['www-thread-pool-size', '2'],
    ['secure-cookie-key-file', '$data/secure-cookie-key'],
    // RStudio Server opens it to everybody, but nobody else comes through the folder that it is in.
    ['server-data-dir', '$run'],
    ['server-pid-file', '$data/rserver.pid'],
    ['database-config-file', '$data/database.conf'],
    ['rsession-config-file', '$data/rsession.conf'],
  ]
}

/** R's session reads these two: the project that it opens, or else its working directory. */
const PROJECT = `if [ "$folder" != "$home" ]; then
  for project in "$folder"/*.Rproj; do
    if [ -f "$project" ]; then RS_INITIAL_PROJECT=$project; export RS_INITIAL_PROJECT; break; fi
  done
  if [ -z "\${RS_INITIAL_PROJECT:-}" ]; then RS_INITIAL_WD=$folder; export RS_INITIAL_WD; fi
fi`

const FILES = `data="$ATELIER_DIRECTORY/rstudio"
# Short, since the path of R's socket below it must be.
run="$ATELIER_DIRECTORY/r"
stream="$run/rstudio-rsession/$USER-d"
if [ "\${#stream}" -gt ${LONGEST_SOCKET} ]; then
  echo "The path of R's socket would be too long. The operator must choose a shorter data directory: $stream" >&2
  exit 1
fi
(
  umask 077
  mkdir -p -- "$run" "$data/database" "$data/sessions"
  od -An -N32 -tx1 /dev/urandom | tr -d ' \\n' >"$data/secure-cookie-key"
  printf 'provider=sqlite\\ndirectory=%s\\n' "$data/database" >"$data/database.conf"
  # When a session has been idle for too long is decided in one place for all IDEs.
  printf 'session-timeout-minutes=0\\n' >"$data/rsession.conf"
)`

/**
 * R is started through a file of ours, since RStudio Server hands on next to nothing of its environment: neither what
 * marks the processes of this session nor what was chosen for it. It notes the process that becomes R.
 */
function wrapper(rsession: string, before: string): string {
  return `(umask 077; export -p >"$data/environment")
cat >"$data/rsession" <<'END'
#!/bin/sh
given=$(export -p)
data=\${0%/*}
. "$data/environment"
eval "$given"
: >"$data/sessions/$$"
exec ${before}${shellQuote(rsession)} "$@"
END
chmod 700 "$data/rsession"`
}

const SUSPEND = `find_sessions() {
  sessions=
  for note in "$data"/sessions/*; do
    pid=\${note##*/}
    if { tr '\\0' '\\n' <"/proc/$pid/environ"; } 2>/dev/null | grep -qxF "ATELIER_DIRECTORY=$ATELIER_DIRECTORY"; then
      sessions="$sessions $pid"
    fi
  done
}
suspend() {
  find_sessions
  if [ -n "$sessions" ]; then kill -USR1 $sessions 2>/dev/null || :; fi
  tenths=0
  while [ -n "$sessions" ]; do
    if [ "$tenths" -eq ${PATIENCE} ]; then kill -USR2 $sessions 2>/dev/null || :; fi
    tenths=$((tenths + 1))
    sleep 0.1
    find_sessions
  done
}
stop() {
  trap '' TERM
  kill -TERM "$server" 2>/dev/null || :
  suspend
  exit 0
}
server=
trap stop TERM`

/** RStudio Server cannot be told the mode of its socket, which the group of its folder is to use. */
const OPEN_SOCKET = `open_socket() {
  while [ ! -S "$ATELIER_SOCKET" ]; do
    kill -0 "$1" 2>/dev/null || return 0
    sleep 0.05
  done
  chmod 660 -- "$ATELIER_SOCKET"
}`

const WAIT = `server=$!
open_socket "$server" &
code=0
wait "$server" || code=$?
trap '' TERM
suspend
exit "$code"`
