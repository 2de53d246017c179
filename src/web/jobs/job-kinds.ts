import {
  IconBrandPython,
  IconCircleLetterR,
  IconCommand,
  IconNotebook,
  IconTerminal2,
  type Icon,
} from '@tabler/icons-react'
import type { JobKind } from '../../jobs/workbench-job.ts'

/** How what a job runs is shown. */
export const KIND_LOOKS: Readonly<Record<JobKind, { title: string; icon: Icon; colour: string }>> =
  {
    r: { title: 'R script', icon: IconCircleLetterR, colour: 'cyan' },
    python: { title: 'Python script', icon: IconBrandPython, colour: 'yellow' },
    shell: { title: 'Shell script', icon: IconTerminal2, colour: 'gray' },
    notebook: { title: 'Notebook', icon: IconNotebook, colour: 'orange' },
    command: { title: 'Command', icon: IconCommand, colour: 'grape' },
  }
