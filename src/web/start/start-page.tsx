import { Group, Skeleton, Title } from '@mantine/core'
import { useEffect, type ReactNode } from 'react'
import { ApiError } from '../api/api.ts'
import { useSession } from '../api/queries.ts'
import type { SessionView } from '../api/session-view.ts'
import { IdeIcon } from '../ides/ide-icon.tsx'
import { labelOf } from '../ides/ide-look.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { Announcement, usePageHeading } from '../shell/page.tsx'
import { MissingView, ReadyView, StoppedView, StoppingView } from './ended-view.tsx'
import { FailedView } from './failed-view.tsx'
import { LostView } from './lost-view.tsx'
import { outputAsText, plainText, type OutputText } from './output-text.ts'
import styles from './start.module.css'
import { StartingView } from './starting-view.tsx'
import { useOutput } from './use-output.ts'

/** The page of a session until its IDE is ready, and after it has ended. */
export function StartPage({ id }: { id: string }): ReactNode {
  const { data, error, refetch } = useSession(id)
  const missing = error instanceof ApiError && error.code === 'SESSION_NOT_FOUND'
  const session = missing ? undefined : data
  const output = useOutput(id, session?.state === 'Starting')
  const title = missing ? 'There is no such session' : titleOf(session)
  const heading = usePageHeading(title)

  const readyUrl = session?.state === 'Active' || session?.state === 'Idle' ? session.url : null
  useEffect(() => {
    // In place of this page: Back leads to where the user came from, not here.
    if (readyUrl !== null) window.location.replace(readyUrl)
  }, [readyUrl])

  return (
    <div className={styles['page']}>
      <Group mb="lg" wrap="nowrap">
        {session !== undefined && <IdeIcon ide={session.ide} size={44} />}
        <Title order={1} size="h2" ref={heading} tabIndex={-1}>
          {title}
        </Title>
      </Group>
      {missing && <MissingView />}
      {session !== undefined && <StateView session={session} output={output} />}
      {session === undefined && error === null && <Skeleton height={220} radius="md" />}
      {session === undefined && error !== null && !missing && (
        <LoadProblem title="The session could not be read" error={error} onRetry={refetch} />
      )}
      <Announcement text={session === undefined ? '' : title} />
    </div>
  )
}

function StateView({ session, output }: { session: SessionView; output: OutputText }): ReactNode {
  switch (session.state) {
    case 'Starting':
      return <StartingView session={session} output={output} />
    case 'Active':
    case 'Idle':
      return <ReadyView session={session} />
    case 'Stopping':
      return <StoppingView session={session} />
    case 'Stopped':
      return <StoppedView session={session} />
    case 'Lost':
      return <LostView session={session} />
    case 'Failed':
      return <FailedView session={session} log={logOf(session, output)} />
  }
}

// The tail was written with the end itself; the stream may have been cut off before it.
function logOf({ logTail }: SessionView, output: OutputText): string {
  return logTail === null ? outputAsText(output) : plainText(logTail)
}

function titleOf(session: SessionView | undefined): string {
  if (session === undefined) return 'Session'
  const label = labelOf(session)
  switch (session.state) {
    case 'Starting':
      return `Starting ${label}`
    case 'Active':
    case 'Idle':
      return `${label} is ready`
    case 'Stopping':
      return `Stopping ${label}`
    case 'Stopped':
      return `${label} has stopped`
    case 'Failed':
      return `${label} failed`
    case 'Lost':
      return `The server of ${label} is lost`
  }
}
