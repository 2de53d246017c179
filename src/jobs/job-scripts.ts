import { dirname, join } from 'node:path'
import type { ChosenVersions, LanguageVersion } from '../ides/language-version.ts'
import type { Program } from '../ides/program.ts'
import { LOGIN_SHELL, shellQuote } from '../ides/shell-quote.ts'
import { moduleLines, versionLines } from '../ides/version-lines.ts'

// The scripts of sh that run the files of jobs: $1 is the file, the rest its arguments. They end as what they run.

/** Ends the job with a sentence, where it has not begun: with 127 for what is not there, 126 for what cannot be used. */
const GIVE_UP = `give_up() { printf 'atelier: %s\\n' "$2" >&2; exit "$1"; }`

const CHECK_FILE = `[ -e "$1" ] || give_up 127 "There is no file $1 on this server, or you may not enter its folder."
[ ! -d "$1" ] || give_up 126 "$1 is a folder, not a file."
[ -r "$1" ] || give_up 126 "You may not read the file $1."`

/** Runs an R file, by the chosen R or the first of the path. */
export function rScript(versions: ChosenVersions): string {
  const { r } = versions
  const program = r && { ...r, program: join(dirname(r.program), 'Rscript') }
  return script(versions, runBy('R', program, ['Rscript'], ''))
}

/** Runs a Python file without holding back what it prints, by the chosen Python or the first of the path. */
export function pythonScript(versions: ChosenVersions): string {
  return script(versions, runBy('Python', versions.python, ['python3', 'python'], ' -u'))
}

/** Runs a file by what its first line names, as the system would, else by bash, else by sh. */
export function shellScript(versions: ChosenVersions): string {
  return script(versions, BY_FIRST_LINE)
}

/**
 * Executes a notebook by the Python that Jupyter runs on. `variable` carries the program that does it; its kernels are the
 * chosen Python and R.
 */
export function notebookScript(
  { words, binDirectory }: Pick<Program, 'words' | 'binDirectory'>,
  versions: ChosenVersions,
  variable: string,
): string {
  const jupyter = shellQuote(words[0])
  const findPython =
    binDirectory === null
      ? `${firstLine(jupyter)}
python=\${program:-python3}`
      : `PATH=${shellQuote(binDirectory)}:"\${PATH:-/usr/local/bin:/usr/bin:/bin}"
export PATH
python=${shellQuote(join(binDirectory, 'python3'))}`
  return [
    START,
    `[ -x ${jupyter} ] || give_up 127 "Jupyter is not installed on this server: there is no "${jupyter}`,
    findPython,
    ...chosenLines(versions, versionLines(versions)),
    ...kernelLine('PYTHON', versions.python, 'python3'),
    ...kernelLine('R', versions.r, 'R'),
    `exec "$python" -I -c ${shellQuote(`import os; exec(os.environ.pop("${variable}"))`)} "$1"`,
    '',
  ].join('\n')
}

const START = ['set -eu', GIVE_UP, CHECK_FILE, LOGIN_SHELL].join('\n')

function script(versions: ChosenVersions, run: string): string {
  const lines = [...moduleLines(versions), ...versionLines(versions)]
  return [START, ...chosenLines(versions, lines), run, ''].join('\n')
}

/** The lines for the chosen versions; where the job has no folder of its own, the programs' folders in the path must do. */
function chosenLines(versions: ChosenVersions, lines: readonly string[]): readonly string[] {
  const chosen = [versions.python, versions.r].filter((version) => version !== undefined)
  if (chosen.length === 0) return []
  const folders = chosen.map(({ program }) => `${shellQuote(dirname(program))}:`).join('')
  return [
    'if [ -n "${ATELIER_DIRECTORY:-}" ]; then',
    ...lines,
    'else',
    ...moduleLines(versions),
    `PATH=${folders}"\${PATH:-/usr/local/bin:/usr/bin:/bin}"`,
    'export PATH',
    'fi',
  ]
}

function runBy(
  language: string,
  chosen: Pick<LanguageVersion, 'program' | 'label'> | undefined,
  names: readonly string[],
  flags: string,
): string {
  if (chosen !== undefined) {
    const program = shellQuote(chosen.program)
    return `[ -x ${program} ] || give_up 127 ${shellQuote(`${chosen.label} is not on this server: there is no ${chosen.program}`)}
exec ${program}${flags} "$@"`
  }
  return `for program in ${names.join(' ')}; do
  if command -v "$program" >/dev/null 2>&1; then exec "$program"${flags} "$@"; fi
done
give_up 127 "There is no ${language} on this server: ${names.join(' and ')} is not in the path $PATH"`
}

/** Through the path, where the command of the session's own loads its module. */
function kernelLine(
  language: string,
  chosen: LanguageVersion | undefined,
  name: string,
): readonly string[] {
  if (chosen === undefined) return []
  return [
    `ATELIER_KERNEL_${language}=$(command -v ${name}) || give_up 127 ${shellQuote(`${chosen.label} is not on this server.`)}`,
    `export ATELIER_KERNEL_${language}`,
  ]
}

/** Reads what the first line of a file names: `program`, which is empty if it names none, and its one `argument`. */
function firstLine(file: string): string {
  return `program= argument= line=
IFS= read -r line <${file} || :
case "$line" in
  '#!'*)
    line=\${line#??}
    line=\${line#"\${line%%[![:blank:]]*}"}
    line=\${line%"\${line##*[![:space:]]}"}
    program=\${line%%[[:blank:]]*}
    argument=\${line#"$program"}
    argument=\${argument#"\${argument%%[![:blank:]]*}"}
    ;;
esac`
}

const BY_FIRST_LINE = `${firstLine('"$1"')}
if [ -n "$program" ]; then
  case "$program" in
    /*) [ -x "$program" ] || give_up 127 "The first line of $1 names $program, which is not on this server." ;;
  esac
  exec "$program" \${argument:+"$argument"} "$@"
fi
for program in bash sh; do
  if command -v "$program" >/dev/null 2>&1; then exec "$program" "$@"; fi
done
give_up 127 "There is no shell on this server: bash and sh are not in the path $PATH"`
