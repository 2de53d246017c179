import type { IdeName } from '../../sessions/session.ts'

/** What the IDEs are called. */
export const IDE_TITLES: Readonly<Record<IdeName, string>> = {
  jupyterlab: 'JupyterLab',
  'jupyter-notebook': 'Jupyter Notebook',
  vscode: 'VS Code',
  rstudio: 'RStudio',
}
