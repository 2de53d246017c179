import { Button, Skeleton, Text, Title } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { IdeName } from '../../sessions/session.ts'
import { useCreateSession } from '../api/actions.ts'
import { useIdes, useLimits, useMe, useSessions } from '../api/queries.ts'
import { useNow } from '../live/use-now.ts'
import { allowedIdes } from '../new-session/allowed-ides.ts'
import { useSettings } from '../settings/use-settings.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { showProblem } from '../shell/show-problem.ts'
import { ProjectRow } from './project-row.tsx'
import { homeIn, idesFor, shortPath } from './project-words.ts'
import styles from './projects.module.css'
import { useProjects, type ProjectList } from './use-projects.ts'

const FEW = 5

/** What the user has worked at lately; below the sessions of the home page. */
export function Projects(): ReactNode {
  const { data, error, refetch } = useProjects()
  return (
    <section aria-labelledby="recent-projects" className={styles['projects']}>
      <Title order={2} size="h3" mb="sm" id="recent-projects">
        Recent projects
      </Title>
      {data === undefined && error === null && <Skeleton height={64} radius="md" aria-hidden />}
      {data === undefined && error !== null && (
        <LoadProblem
          title="Your projects could not be looked for"
          error={error}
          onRetry={refetch}
        />
      )}
      {data !== undefined && <Found list={data} />}
    </section>
  )
}

function Found({ list: { items, complete } }: { list: ProjectList }): ReactNode {
  const [all, setAll] = useState(false)
  return (
    <>
      {items.length > 0 && <Rows items={all ? items : items.slice(0, FEW)} />}
      {items.length === 0 && complete && (
        <Text c="dimmed">
          None yet. Git working copies, RStudio projects and folders that you open in VS Code or
          JupyterLab are listed here.
        </Text>
      )}
      {!complete && (
        <Text c="dimmed" size="sm">
          Your home does not answer at the moment, so there may be more.
        </Text>
      )}
      {items.length > FEW && !all && (
        <Button variant="subtle" size="compact-md" fz="sm" mt="xs" onClick={() => setAll(true)}>
          Show all {items.length} projects
        </Button>
      )}
    </>
  )
}

function Rows({ items }: { items: ProjectList['items'] }): ReactNode {
  const me = useMe().data
  const ides = useIdes().data ?? []
  const limits = useLimits()
  const sessions = useSessions().data ?? []
  const [settings] = useSettings()
  const now = useNow(60_000)
  const create = useCreateSession((error) => showProblem('The project could not be opened', error))
  const usable = allowedIdes(ides, limits.data?.ides ?? null)
    .filter(({ state }) => state === 'installed')
    .map(({ name }) => name)
  const home = homeIn(
    items.map(({ path }) => path),
    me?.user ?? '',
  )
  const open = (name: string, folder: string, ide: IdeName): void => {
    if (!create.isPending) create.mutate({ ide, folder, name: name.slice(0, 100) })
  }
  return (
    <ul className={styles['list']}>
      {items.map((project) => (
        <ProjectRow
          key={project.path}
          project={project}
          shown={shortPath(project.path, home)}
          ides={idesFor(project.kind, usable, settings.ide)}
          running={sessions.find(
            ({ folder, state }) =>
              folder === project.path && (state === 'Active' || state === 'Idle'),
          )}
          now={now}
          onOpen={(ide) => open(project.name, project.path, ide)}
        />
      ))}
    </ul>
  )
}
