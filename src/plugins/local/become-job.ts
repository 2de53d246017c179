import { LOGIN_VARIABLE, TROUBLE_DESCRIPTOR } from '../../pam/chain.ts'

/** The variables that carry what a job was submitted with, as LOGIN_VARIABLE those that its login gives it. */
export const ENTRY_VARIABLE = 'ATELIER_ENV_'

/** The variable that carries BECOME_JOB itself, which would fill the lists of processes for as long as a job runs. */
export const SCRIPT_VARIABLE = 'ATELIER_BECOME_JOB'

/** Seconds that a home may take to answer: one on a server that is gone never does. */
const HOME_LIMIT = 20
/** Seconds that the files that a login shell reads may take. */
const PROFILE_LIMIT = 30

const TELL = `>&${TROUBLE_DESCRIPTOR}`

/** Looks at the home, $2, and at what marks homes as mounted, $1 unless empty. Says what is wrong, and fails then. */
const CHECK_HOME = `
say() { echo "$1" ${TELL}; echo "$1" >&2; exit 1; }
ask="Tell its administrator."
[ -z "$1" ] || [ -e "$1" ] || say "The homes are not mounted on this server: $1 is missing. $ask"
[ -e "$2" ] || say "Your home directory $2 does not exist on this server. $ask"
[ -d "$2" ] || say "Your home directory $2 is not a directory on this server. $ask"
[ -O "$2" ] || say "Your home directory $2 belongs to somebody else on this server. $ask"
[ -x "$2" ] || say "Your home directory $2 cannot be entered, as its mode does not allow it (chmod u+rwx)."
`

/** Runs as the last command of a login shell and writes its environment down, as any sh reads it. */
const WRITE_LOGIN = `
umask 077
unset OLDPWD SHLVL _
export -p >"$ATELIER_DIRECTORY/.login.new" && mv "$ATELIER_DIRECTORY/.login.new" "$ATELIER_DIRECTORY/.login"
`

/**
 * A script of sh that is run as the job's account. It looks whether the home is there, if that is where the job works; takes
 * the environment of a login (PAM, /etc/profile, the account's own profile) and over it what the job was submitted with;
 * goes to the working directory and becomes the command. Its arguments are the working directory, the umask, the marker of
 * mounted homes or nothing, and the command.
 *
 * Until here each variable was the value of one with a harmless name: LD_PRELOAD must not reach what runs as root.
 */
export const BECOME_JOB = `
refuse() { echo "$1" ${TELL}; echo "$1" >&2; exit 126; }
each() {
  eval "ATELIER_TOTAL=\\\${$2COUNT:-0}"
  ATELIER_INDEX=0
  while [ "$ATELIER_INDEX" -lt "$ATELIER_TOTAL" ]; do
    "$1" "$2$ATELIER_INDEX"
    ATELIER_INDEX=$((ATELIER_INDEX + 1))
  done
}
take() { eval "export \\"\\$$1\\""; }
umask "$2"
unset ${SCRIPT_VARIABLE}
each take ${LOGIN_VARIABLE}
each unset ${LOGIN_VARIABLE}
each take ${ENTRY_VARIABLE}
case "$1/" in
  "$HOME"/*)
    echo "Your home directory $HOME does not answer. Tell the administrator of this server." ${TELL}
    timeout -s KILL ${HOME_LIMIT} /bin/sh -c ${quoted(CHECK_HOME)} home "$3" "$HOME" || exit 126
    echo ${TELL}
    ;;
esac
if [ ! -x "$ATELIER_DIRECTORY/." ]; then
  refuse "$LOGNAME cannot enter $ATELIER_DIRECTORY: each directory above it must let everybody pass (chmod o+x)"
fi
# Through a file: the profile may leave programs behind, which would hold a pipe open.
timeout -k 2 ${PROFILE_LIMIT} /bin/bash -l -c 'exec /bin/sh -c "$1"' login ${quoted(WRITE_LOGIN)} </dev/null >&2 ${TROUBLE_DESCRIPTOR}>&-
if [ -f "$ATELIER_DIRECTORY/.login" ]; then
  . "$ATELIER_DIRECTORY/.login"
  rm -f -- "$ATELIER_DIRECTORY/.login"
  each take ${ENTRY_VARIABLE}
else
  echo "The files that a login shell reads have failed or took too long: what they set is missing here." >&2
fi
each unset ${ENTRY_VARIABLE}
unset ${LOGIN_VARIABLE}COUNT ${ENTRY_VARIABLE}COUNT ATELIER_TOTAL ATELIER_INDEX
cd -- "$1" || refuse "The directory $1 cannot be entered."
unset OLDPWD
shift 3
exec "$@" ${TROUBLE_DESCRIPTOR}>&-
`

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
