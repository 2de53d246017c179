import { Skeleton, Text } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { IdeStatus } from '../../ides/ide.ts'
import type { IdeName } from '../../sessions/session.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { IdeOption } from './ide-option.tsx'
import styles from './ide-option.module.css'

/** The IDEs to choose from, each with its state. */
export function IdeChoice({
  ides,
  offered,
  chosen,
  onChoose,
}: {
  ides: UseQueryResult<readonly IdeStatus[]>
  /** Those of them that the user may start; undefined until that is known. */
  offered: readonly IdeStatus[] | undefined
  chosen: IdeName | null
  onChoose: (ide: IdeName) => void
}): ReactNode {
  if (ides.data === undefined && ides.error !== null) {
    return (
      <LoadProblem
        title="The IDEs could not be read"
        error={ides.error}
        onRetry={() => ides.refetch()}
      />
    )
  }
  const none = offered?.every(({ state }) => state !== 'installed') === true
  return (
    <fieldset className={styles['choice']}>
      <legend className={styles['legend']}>IDE</legend>
      <div className={styles['ides']}>
        {offered === undefined && <Skeleton height={64} radius="md" />}
        {offered?.map((ide) => (
          <IdeOption
            key={ide.name}
            ide={ide}
            chosen={ide.name === chosen && ide.state === 'installed'}
            onChoose={() => onChoose(ide.name)}
          />
        ))}
        {none && (
          <Text size="sm" c="dimmed">
            {offered.length === 0
              ? 'Your administrator allows you no IDE.'
              : 'No IDE is installed yet. As soon as one is, you can start a session here.'}
          </Text>
        )}
      </div>
    </fieldset>
  )
}
