import { VERSION_MARK } from './language-version.ts'
import { shellQuote } from './shell-quote.ts'

/** Where Pythons or Rs are, beside the places that every system has. */
export interface LanguagePlaces {
  /**
   * Programs, virtual environments, conda environments or other folders with `bin` in them. A path begins with a slash,
   * or with `~/` for the home of the session's account; `*` stands for any name.
   */
  readonly paths: readonly string[]
  /** Environment modules, as `module load` takes them. */
  readonly modules: readonly string[]
}

/** Where to look for versions. */
export interface VersionPlaces {
  readonly python: LanguagePlaces
  readonly r: LanguagePlaces
}

/** Seconds that a program may take to tell its version. */
const PATIENCE = 10

const PYTHON_QUESTION =
  'import sys, importlib.util as u; print("%d.%d.%d" % sys.version_info[:3], sys.prefix, int(u.find_spec("ipykernel") is not None), sep="\\t")'

/** Shell lines that define `load_module`, which fails if there are no modules, or no such one. */
export const LOAD_MODULE = `load_module() {
  for init in "\${MODULESHOME:-}/init/sh" /etc/profile.d/modules.sh /etc/profile.d/lmod.sh \\
    /usr/share/modules/init/sh /usr/share/lmod/lmod/init/sh; do
    if command -v module >/dev/null 2>&1; then break; fi
    if [ -r "$init" ]; then . "$init"; fi
  done
  module load "$1" >&2
}`

/**
 * A script that prints a line for each Python and R that whoever runs it can run. `opt` is the folder in which versions
 * are kept side by side, as /opt/python/3.12.1 and /opt/R/4.4.1.
 */
export function versionsScript({ python, r }: VersionPlaces, opt = '/opt'): string {
  return [
    LOAD_MODULE,
    ASK,
    `found_in_path python3 ask_python`,
    `for folder in ${shellQuote(opt)}/python/*; do ask_python opt "$folder" "$folder/bin/python3"; done`,
    'for folder in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*; do',
    '  ask_python pyenv "${folder##*/}" "$folder/bin/python3"',
    'done',
    ...python.paths.map((path) => `for place in ${glob(path)}; do ask_place python "$place"; done`),
    ...python.modules.map((name) => `ask_module python ${shellQuote(name)}`),
    'found_in_path R ask_r',
    `for folder in ${shellQuote(opt)}/R/*; do ask_r opt "$folder" "$folder/bin/R"; done`,
    ...r.paths.map((path) => `for place in ${glob(path)}; do ask_place r "$place"; done`),
    ...r.modules.map((name) => `ask_module r ${shellQuote(name)}`),
    'exit 0',
    '',
  ].join('\n')
}

function glob(path: string): string {
  const home = path.startsWith('~/')
  const words = (home ? path.slice(1) : path).split('*').map(shellQuote)
  return `${home ? '"$HOME"' : ''}${words.join('*')}`
}

const ASK = `tell() {
  case "$2$3$4" in *[[:cntrl:]]*) return 0 ;; esac
  printf '${VERSION_MARK}\\t%s\\t%s\\t%s\\t%s\\t%s\\n' "$1" "$2" "$3" "$4" "$5"
}
ask_python() {
  if [ ! -x "$3" ] || [ -d "$3" ]; then return 0; fi
  told=$(timeout ${PATIENCE} "$3" -c ${shellQuote(PYTHON_QUESTION)} 2>/dev/null </dev/null) || return 0
  tell python "$1" "$2" "$3" "$told"
}
ask_r() {
  if [ ! -x "$3" ] || [ -d "$3" ]; then return 0; fi
  told=$(timeout ${PATIENCE} "$3" --version 2>/dev/null </dev/null | sed -n 's/^R version \\([0-9.]*\\).*/\\1/p')
  home=$(timeout ${PATIENCE} "$3" RHOME 2>/dev/null </dev/null) || return 0
  tell r "$1" "$2" "$3" "$(printf '%s\\t%s\\t1' "$told" "$home")"
}
found_in_path() {
  saved=$IFS
  IFS=:
  for folder in $PATH; do
    IFS=$saved
    case "$folder" in /*) "$2" path "$folder" "$folder/$1" ;; esac
    for program in "$folder/$1".[0-9] "$folder/$1".[0-9][0-9]; do "$2" path "$folder" "$program"; done
  done
  IFS=$saved
}
ask_place() {
  source=other
  if [ -f "$2/pyvenv.cfg" ]; then source=venv; elif [ -d "$2/conda-meta" ]; then source=conda; fi
  name=$2
  if [ "$source" != other ]; then name=\${2##*/}; fi
  program=$2
  if [ -d "$2" ]; then
    if [ "$1" = python ]; then program=$2/bin/python3; else program=$2/bin/R; fi
  fi
  "ask_$1" "$source" "$name" "$program"
}
ask_module() {
  (
    load_module "$2" || exit 0
    if [ "$1" = python ]; then program=$(command -v python3); else program=$(command -v R); fi
    "ask_$1" module "$2" "$program"
  )
}`
