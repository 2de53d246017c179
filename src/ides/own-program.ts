import { shellQuote } from './shell-quote.ts'

/** The command line of Atelier, as sessions on this server can run it. */
export interface OwnProgram {
  /** The absolute path of a Node. */
  readonly node: string
  /** The absolute path of the program's entry file. */
  readonly script: string
}

/**
 * A function of bash, as bash hands it on to all that it starts: a login shell sets its path anew and would find no
 * `atelier` (Jupyter's and RStudio's terminals are such shells, tmux has them too).
 */
const FUNCTION = `BASH_FUNC_atelier%%=() { "$ATELIER_DIRECTORY/bin/atelier" "$@"; }`

/** Shell lines after which `atelier` is a command of the session. */
export function ownProgramLines(program: OwnProgram | undefined): readonly string[] {
  if (program === undefined) return []
  const [node, script] = [shellQuote(program.node), shellQuote(program.script)]
  const file = `#!/bin/sh
if [ ! -x ${node} ] || [ ! -r ${script} ]; then
  echo "atelier: Your account cannot run the program of Atelier: let everybody read "${script}" and run "${node}. >&2
  exit 1
fi
# What its user sets for Node is not meant for us: VS Code sets it to debug what its terminals start.
unset NODE_OPTIONS
exec ${node} ${script} "$@"
`
  return [
    'mkdir -p -- "$ATELIER_DIRECTORY/bin"',
    `printf %s ${shellQuote(file)} >"$ATELIER_DIRECTORY/bin/atelier"`,
    'chmod 700 "$ATELIER_DIRECTORY/bin/atelier"',
    'case ":${PATH:-}:" in',
    '  *":$ATELIER_DIRECTORY/bin:"*) ;;',
    '  *) PATH="$ATELIER_DIRECTORY/bin:${PATH:-/usr/local/bin:/usr/bin:/bin}" ;;',
    'esac',
    'export PATH',
  ]
}

/** What comes before the words of a program that is to hand the command on to shells that set their path anew. */
export function withOwnProgram(program: OwnProgram | undefined): string {
  return program === undefined ? '' : `env ${shellQuote(FUNCTION)} `
}
