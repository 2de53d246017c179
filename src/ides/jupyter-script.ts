import type { IdeContext } from './ide.ts'
import { LOGIN_SHELL, shellQuote } from './shell-quote.ts'

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
  // Without a path of its own the XSRF cookie is set for `/` and meets that of every other session.
  const tornado = JSON.stringify({ xsrf_cookie_kwargs: { path: base } })
  const words = [
    shellQuote(program),
    '--no-browser',
    `"--${app}.sock=$ATELIER_SOCKET"`,
    `--${app}.sock_mode=0600`,
    shellQuote(`--${app}.base_url=${base}`),
    shellQuote(`--${app}.${folder}=${context.home}`),
    `--${app}.allow_remote_access=True`,
    `--${app}.allow_root=True`,
    `--${app}.quit_button=False`,
    shellQuote(`--${app}.tornado_settings=${tornado}`),
    '"--KernelManager.transport=$transport"',
    ...(dialect === 'classic' ? [] : QUIET_LAB),
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
    `cd -- ${shellQuote(context.home)}`,
    `exec ${words.join(' ')}`,
    '',
  ].join('\n')
}

/** JupyterLab, and Notebook 7 which brings it along, would else ask the network for news, updates and extensions. */
const QUIET_LAB = [
  '--LabApp.news_url=None',
  '--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate',
  '--LabApp.extension_manager=readonly',
]
