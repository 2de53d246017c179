import { stdout } from 'node:process'
import { Listr } from 'listr2'
import { familyOf } from './ide-family.ts'
import type { IdeFamily, InstallableIde } from './ide-family.ts'
import { InstallError } from './install-error.ts'
import { installIde } from './install-ide.ts'
import type { InstallOptions } from './install-options.ts'

/** Standard output, as far as it is used here. */
export interface Terminal {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** Installs one IDE's family; `installIde` unless a test brings its own. */
export type Installer = (options: InstallOptions) => Promise<void>

const TITLES: Readonly<Record<IdeFamily, string>> = {
  jupyter: 'JupyterLab and Jupyter Notebook',
  vscode: 'VS Code',
}

const BAR_CELLS = 24

/**
 * Installs these IDEs side by side and shows it: progress bars on a terminal, one line for each step elsewhere. What
 * fails is told with the command that mends it. True if all are installed; it never throws.
 */
export async function installInTerminal(
  names: readonly InstallableIde[],
  options: Omit<InstallOptions, 'ide' | 'report'> & { readonly terminal?: Terminal },
  install: Installer = installIde,
): Promise<boolean> {
  const { terminal = stdout, ...rest } = options
  const families = new Map(names.map((name) => [familyOf(name), name]))
  const failures: string[] = []
  const run = async (family: IdeFamily, ide: InstallableIde, report: InstallOptions['report']) => {
    try {
      await install({ ...rest, ide, report })
    } catch (error) {
      failures.push(failureText(TITLES[family], error))
      throw error
    }
  }
  await (terminal.isTTY === true ? showBars(families, run) : showLines(families, run, terminal))
  for (const failure of failures) terminal.write(failure)
  return failures.length === 0
}

type Run = (
  family: IdeFamily,
  ide: InstallableIde,
  report: InstallOptions['report'],
) => Promise<void>

async function showBars(families: ReadonlyMap<IdeFamily, InstallableIde>, run: Run): Promise<void> {
  const tasks = [...families].map(([family, ide]) => ({
    title: TITLES[family],
    task: (_: unknown, task: { output: string }) =>
      run(family, ide, ({ step, percent }) => {
        task.output = `${progressBar(percent)} ${step}`
      }),
  }))
  await new Listr(tasks, {
    concurrent: true,
    exitOnError: false,
    registerSignalListeners: false,
    fallbackRendererCondition: false,
  }).run()
}

async function showLines(
  families: ReadonlyMap<IdeFamily, InstallableIde>,
  run: Run,
  terminal: Terminal,
): Promise<void> {
  const all = [...families].map(async ([family, ide]) => {
    let last = ''
    await run(family, ide, ({ step }) => {
      if (step !== last) terminal.write(`${TITLES[family]}: ${step}\n`)
      last = step
    })
    terminal.write(`${TITLES[family]}: installed\n`)
  })
  await Promise.allSettled(all)
}

/** A bar for a terminal, with its percent. */
export function progressBar(percent: number): string {
  const full = Math.round((BAR_CELLS * percent) / 100)
  return `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)} ${String(percent).padStart(3)} %`
}

function failureText(title: string, error: unknown): string {
  if (!(error instanceof InstallError)) return `${title} could not be installed: ${String(error)}\n`
  return `${title} could not be installed. ${error.message}\n  What mends it: ${error.mend}\n`
}
