import {
  IconBrandVscode,
  IconCircleLetterR,
  IconFlask2,
  IconNotebook,
  type Icon,
} from '@tabler/icons-react'
import type { IdeName } from '../../sessions/session.ts'
import { IDE_TITLES } from './ide-titles.ts'

/** How an IDE is shown. */
export const IDE_LOOKS: Readonly<Record<IdeName, { title: string; icon: Icon; colour: string }>> = {
  jupyterlab: { title: IDE_TITLES.jupyterlab, icon: IconFlask2, colour: 'orange' },
  'jupyter-notebook': {
    title: IDE_TITLES['jupyter-notebook'],
    icon: IconNotebook,
    colour: 'grape',
  },
  vscode: { title: IDE_TITLES.vscode, icon: IconBrandVscode, colour: 'blue' },
  rstudio: { title: IDE_TITLES.rstudio, icon: IconCircleLetterR, colour: 'cyan' },
}

/** What a session is called: its name, or the title of its IDE. */
export function labelOf(session: { readonly name: string | null; readonly ide: IdeName }): string {
  return session.name ?? IDE_TITLES[session.ide]
}
