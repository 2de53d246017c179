import { dirname, join } from 'node:path'
import type { ChosenVersions, LanguageVersion } from './language-version.ts'
import { shellQuote } from './shell-quote.ts'
import { LOAD_MODULE } from './versions-script.ts'

const SYSTEM_FOLDERS = new Set(['/usr/local/bin', '/usr/bin', '/bin'])

/**
 * Shell lines after which `python3`, `pip`, `R` and `Rscript` are the chosen ones, for the IDE and all it starts. They
 * are commands of the session's own, since links would take a Python out of its virtual environment.
 */
export function versionLines({ python, r }: ChosenVersions): readonly string[] {
  if (python === undefined && r === undefined) return []
  const commands: [name: string, text: string][] = []
  if (python !== undefined) {
    const program = shellQuote(python.program)
    for (const name of ['python', 'python3']) commands.push([name, `exec ${program} "$@"`])
    for (const name of ['pip', 'pip3']) commands.push([name, `exec ${program} -m pip "$@"`])
  }
  if (r !== undefined) {
    const rscript = shellQuote(join(dirname(r.program), 'Rscript'))
    commands.push(['R', `exec ${shellQuote(r.program)} "$@"`], ['Rscript', `exec ${rscript} "$@"`])
  }
  const chosen = [python, r].filter((version) => version !== undefined)
  const folders = chosen.map(({ program }) => dirname(program))
  const own = [...new Set(folders)].filter((folder) => !SYSTEM_FOLDERS.has(folder))
  return [
    'mkdir -p -- "$ATELIER_DIRECTORY/bin"',
    ...commands.map(([name, text]) => commandFile(name, text, name.startsWith('R') ? r : python)),
    'chmod 700 "$ATELIER_DIRECTORY"/bin/*',
    `PATH="$ATELIER_DIRECTORY/bin":${own.map((folder) => `${shellQuote(folder)}:`).join('')}"\${PATH:-/usr/local/bin:/usr/bin:/bin}"`,
    'export PATH',
    ...(python === undefined ? [] : environmentOf(python)),
  ]
}

/** Shell lines that load the modules of the chosen versions, for an IDE that is not itself a Python. */
export function moduleLines({ python, r }: ChosenVersions): readonly string[] {
  const modules = [python, r].filter((version) => version?.source === 'module')
  if (modules.length === 0) return []
  return [
    LOAD_MODULE,
    // A site's own scripts may use variables that are not set.
    'set +u',
    ...modules.map((version) => `load_module ${shellQuote(version?.name ?? '')} || exit 1`),
    'set -u',
  ]
}

function commandFile(name: string, text: string, version: LanguageVersion | undefined): string {
  const load =
    version?.source === 'module' ? `${LOAD_MODULE}\nload_module ${shellQuote(version.name)}\n` : ''
  const file = `#!/bin/sh\n${load}${text}\n`
  return `printf %s ${shellQuote(file)} >"$ATELIER_DIRECTORY/bin/${name}"`
}

function environmentOf({ source, prefix, name }: LanguageVersion): readonly string[] {
  const unset = 'unset PYTHONHOME'
  if (source === 'venv') return [unset, `export VIRTUAL_ENV=${shellQuote(prefix)}`]
  if (source !== 'conda') return [unset]
  return [
    unset,
    `export CONDA_PREFIX=${shellQuote(prefix)}`,
    `export CONDA_DEFAULT_ENV=${shellQuote(name)}`,
  ]
}
