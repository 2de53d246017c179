import {
  IconBrandVscode,
  IconCircleLetterR,
  IconFlask2,
  IconNotebook,
  type Icon,
} from '@tabler/icons-react'
import type { IdeName } from '../../sessions/session.ts'

/** How an IDE is shown. */
export const IDE_LOOKS: Readonly<Record<IdeName, { title: string; icon: Icon; colour: string }>> = {
  jupyterlab: { title: 'JupyterLab', icon: IconFlask2, colour: 'orange' },
  'jupyter-notebook': { title: 'Jupyter Notebook', icon: IconNotebook, colour: 'grape' },
  vscode: { title: 'VS Code', icon: IconBrandVscode, colour: 'blue' },
  rstudio: { title: 'RStudio', icon: IconCircleLetterR, colour: 'cyan' },
}

/** What a session is called: its name, or the title of its IDE. */
export function labelOf(session: { readonly name: string | null; readonly ide: IdeName }): string {
  return session.name ?? IDE_LOOKS[session.ide].title
}
