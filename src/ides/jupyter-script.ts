import type { IdeContext } from './ide.ts'
import type { LanguageVersion } from './language-version.ts'
import { folderLines } from './folder-lines.ts'
import { ownProgramLines, withOwnProgram } from './own-program.ts'
import { LOGIN_SHELL, shellQuote } from './shell-quote.ts'
import { versionLines } from './version-lines.ts'

/** How a Jupyter program names its settings: Lab 4, Notebook 7 on Jupyter Server, or Debian's Notebook 6. */
export type JupyterDialect = 'lab' | 'notebook' | 'classic'

/**
 * A path of a unix socket has at most 107 bytes, and ZeroMQ makes `/kernel-<uuid>-ipc-<n>` (50) below the runtime
 * folder.
 */
const LONGEST_RUNTIME_DIRECTORY = 107 - 50

/**
 * The start of a Jupyter server for one session. Kernels speak over sockets in the session's private folder, so that
 * no other account of the server can listen to their output; only where the path is too long for that over TCP.
 */
export function jupyterScript(
  program: string,
  binDirectory: string | null,
  dialect: JupyterDialect,
  context: IdeContext,
): string {
  const app = dialect === 'classic' ? 'NotebookApp' : 'ServerApp'
  const folder = dialect === 'classic' ? 'notebook_dir' : 'root_dir'
  const base = `${context.prefix}/`
  const own = versionLines(context.versions ?? {})
  // Without a path of its own the XSRF cookie is set for `/` and meets that of every other session.
  const tornado = JSON.stringify({ xsrf_cookie_kwargs: { path: base } })
  const words = [
    shellQuote(program),
    '--no-browser',
    `"--${app}.sock=$ATELIER_SOCKET"`,
    `--${app}.sock_mode=0660`,
    shellQuote(`--${app}.base_url=${base}`),
    `"--${app}.${folder}=$root"`,
    ...(context.folder ? [`"--${OPENS[dialect][0]}=$url"`] : []),
    `--${app}.allow_remote_access=True`,
    `--${app}.allow_root=True`,
    `--${app}.quit_button=False`,
    shellQuote(`--${app}.tornado_settings=${tornado}`),
    '"--KernelManager.transport=$transport"',
    ...(dialect === 'classic' ? [] : QUIET_LAB),
    // A login shell, as is usual, would set the path anew.
    ...(own.length === 0
      ? []
      : [shellQuote(`--${app}.terminado_settings=${JSON.stringify(PLAIN_TERMINAL)}`)]),
  ]
  return [
    'set -eu',
    LOGIN_SHELL,
    // Not a folder below it: the paths of the kernels' sockets would grow.
    'JUPYTER_RUNTIME_DIR="$ATELIER_DIRECTORY"',
    'export JUPYTER_RUNTIME_DIR',
    `if [ "\${#JUPYTER_RUNTIME_DIR}" -le ${LONGEST_RUNTIME_DIRECTORY} ]; then transport=ipc; else transport=tcp; fi`,
    ...(binDirectory === null
      ? []
      : [
          `PATH=${shellQuote(binDirectory)}:"\${PATH:-/usr/local/bin:/usr/bin:/bin}"`,
          'export PATH',
        ]),
    ...own,
    ...ownProgramLines(context.program),
    ...(context.versions?.python === undefined ? [] : [kernelLines(context.versions.python)]),
    ...folderLines(context),
    ...openLines(dialect, context),
    `cd -- ${shellQuote(context.home)}`,
    `exec ${withOwnProgram(context.program)}${words.join(' ')}`,
    '',
  ].join('\n')
}

const OPENS: Readonly<Record<JupyterDialect, readonly [option: string, path: string]>> = {
  lab: ['LabApp.default_url', '/lab'],
  notebook: ['JupyterNotebookApp.default_url', '/tree'],
  classic: ['NotebookApp.default_url', '/tree'],
}

/** Lines that set `root`, all that is shown, and `url`, the page of it that comes first: a folder outside of the home is a root. */
function openLines(dialect: JupyterDialect, { home, folder }: IdeContext): readonly string[] {
  if (folder === undefined || folder === null) return ['root=$home']
  const [, path] = OPENS[dialect]
  const below = folder.startsWith(`${home}/`) ? folder.slice(home.length + 1).split('/') : undefined
  const tree = dialect === 'lab' ? '/lab/tree/' : '/tree/'
  const deep = below && `${tree}${below.map(encodeURIComponent).join('/')}`
  const there = deep === undefined ? 'root=$folder' : `url=${shellQuote(deep)}`
  return ['root=$home', `url=${path}`, `if [ "$folder" != "$home" ]; then ${there}; fi`]
}

const PLAIN_TERMINAL = { shell_command: ['/bin/sh', '-c', 'exec "$SHELL"'] }

/** Makes the chosen Python the kernel that notebooks in Python ask for. The path of its command is known at run time. */
function kernelLines({ label }: LanguageVersion): string {
  const kernel = {
    argv: [
      '{resource_dir}/../../../../bin/python3',
      '-m',
      'ipykernel_launcher',
      '-f',
      '{connection_file}',
    ],
    display_name: label,
    language: 'python',
    metadata: { debugger: true },
  }
  return [
    'share="$ATELIER_DIRECTORY/share/jupyter"',
    'mkdir -p -- "$share/kernels/python3"',
    `printf %s ${shellQuote(JSON.stringify(kernel))} >"$share/kernels/python3/kernel.json"`,
    'JUPYTER_PATH="$share${JUPYTER_PATH:+:$JUPYTER_PATH}"',
    'export JUPYTER_PATH',
  ].join('\n')
}

/** JupyterLab, and Notebook 7 which brings it along, would else ask the network for news, updates and extensions. */
const QUIET_LAB = [
  '--LabApp.news_url=None',
  '--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate',
  '--LabApp.extension_manager=readonly',
]
