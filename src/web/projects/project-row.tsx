import { ActionIcon, Badge, Button, Menu, Text } from '@mantine/core'
import {
  IconBrandGit,
  IconBrandVscode,
  IconChevronDown,
  IconCircleLetterR,
  IconFolder,
  IconGitBranch,
  type Icon,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { ProjectJson } from '../../control/project-json.ts'
import type { ProjectKind } from '../../projects/project.ts'
import type { IdeName } from '../../sessions/session.ts'
import type { SessionView } from '../api/session-view.ts'
import { IDE_TITLES } from '../ides/ide-titles.ts'
import { useOpenIn } from '../settings/use-open-in.ts'
import { Ago } from '../shell/ago.tsx'
import { KIND_WORDS } from './project-words.ts'
import styles from './projects.module.css'

const ICONS: Readonly<Record<ProjectKind, Icon>> = {
  rstudio: IconCircleLetterR,
  vscode: IconBrandVscode,
  jupyter: IconFolder,
  git: IconBrandGit,
}

/** A project of the list, and what it can be opened with. */
export function ProjectRow({
  project,
  shown,
  ides,
  running,
  now,
  onOpen,
}: {
  project: ProjectJson
  /** Its path as it is shown. */
  shown: string
  /** The IDEs that can open it, the one that suits it first. */
  ides: readonly IdeName[]
  /** The session that has it open already. */
  running: SessionView | undefined
  now: number
  onOpen: (ide: IdeName) => void
}): ReactNode {
  const { name, kind, branch, lastUsedAt } = project
  const Picture = ICONS[kind]
  return (
    <li className={styles['project']}>
      <Picture size={22} stroke={1.6} aria-hidden className={styles['icon']} />
      <div className={styles['what']}>
        <Text component="span" fw={600}>
          {name}
        </Text>
        {branch !== null && (
          <Badge
            variant="outline"
            color="gray"
            c="var(--mantine-color-text)"
            tt="none"
            fw={500}
            leftSection={<IconGitBranch size={12} aria-label="branch" />}
            title={`The branch ${branch} of git`}
            className={styles['branch'] ?? ''}
          >
            {branch}
          </Badge>
        )}
        <Text size="sm" c="dimmed" title={project.path}>
          {shown}
        </Text>
      </div>
      <Text size="sm" c="dimmed" className={styles['used']}>
        {KIND_WORDS[kind]}
        {lastUsedAt !== null && (
          <>
            , <Ago time={lastUsedAt} now={now} />
          </>
        )}
      </Text>
      <div className={styles['open']}>
        <OpenButtons name={name} ides={ides} running={running} onOpen={onOpen} />
      </div>
    </li>
  )
}

function OpenButtons({
  name,
  ides,
  running,
  onOpen,
}: {
  name: string
  ides: readonly IdeName[]
  running: SessionView | undefined
  onOpen: (ide: IdeName) => void
}): ReactNode {
  const openIn = useOpenIn()
  const [first, ...others] = ides
  if (running !== undefined) {
    return (
      <Button
        component="a"
        href={running.url}
        {...openIn}
        size="compact-md"
        fz="sm"
        aria-label={`Go on in ${IDE_TITLES[running.ide]}: ${name}`}
      >
        Go on in {IDE_TITLES[running.ide]}
      </Button>
    )
  }
  if (first === undefined) return null
  return (
    <>
      <Button
        size="compact-md"
        fz="sm"
        variant="default"
        onClick={() => onOpen(first)}
        aria-label={`Open in ${IDE_TITLES[first]}: ${name}`}
      >
        Open in {IDE_TITLES[first]}
      </Button>
      {others.length > 0 && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon
              variant="subtle"
              color="gray"
              c="var(--mantine-color-text)"
              aria-label={`Open ${name} in another IDE`}
              title="Open in another IDE"
            >
              <IconChevronDown size={18} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {others.map((ide) => (
              <Menu.Item key={ide} onClick={() => onOpen(ide)}>
                Open in {IDE_TITLES[ide]}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  )
}
