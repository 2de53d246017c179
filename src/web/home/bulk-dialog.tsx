import { Alert, Button, Group, Modal, Progress, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { SessionView } from '../api/session-view.ts'
import { formatPercent } from '../format/format-usage.ts'
import { labelOf } from '../ides/ide-look.ts'
import { isComputing, type BulkAction } from './bulk-action.ts'
import { BULK_WORDS, sessionCount } from './bulk-words.ts'
import styles from './session-tools.module.css'
import type { BulkRun } from './use-bulk.ts'

/** Asks before something is done with several sessions, then shows how far it is and what failed. */
export function BulkDialog({
  opened,
  action,
  targets,
  run,
  onConfirm,
  onClose,
  onGone,
}: {
  opened: boolean
  action: BulkAction
  targets: readonly SessionView[]
  run: BulkRun | null
  onConfirm: (targets: readonly SessionView[]) => void
  onClose: () => void
  onGone: () => void
}): ReactNode {
  const { button, doing } = BULK_WORDS[action]
  const title =
    run === null
      ? `${button} ${sessionCount(targets.length)}?`
      : `${doing} ${sessionCount(run.total)}`
  return (
    <Modal opened={opened} onClose={onClose} onExitTransitionEnd={onGone} title={title} centered>
      {run === null ? (
        <Question
          action={action}
          targets={targets}
          onConfirm={() => onConfirm(targets)}
          onClose={onClose}
        />
      ) : (
        <Outcome run={run} onRetry={onConfirm} onClose={onClose} />
      )}
    </Modal>
  )
}

function Question({
  action,
  targets,
  onConfirm,
  onClose,
}: {
  action: BulkAction
  targets: readonly SessionView[]
  onConfirm: () => void
  onClose: () => void
}): ReactNode {
  const { button, outcome } = BULK_WORDS[action]
  const computing = targets.filter(isComputing).length
  return (
    <Stack gap="md">
      <Text>{outcome} This cannot be undone.</Text>
      {computing > 0 && (
        <Alert color="var(--atelier-warn)" icon={<IconAlertTriangle />} title="Still computing">
          {computing === 1 ? 'One of them computes' : `${computing} of them compute`} now. Results
          that are not saved are lost.
        </Alert>
      )}
      <ul className={styles['names']} tabIndex={0} aria-label="Selected sessions">
        {targets.map((session) => (
          <li key={session.id}>
            {labelOf(session)}
            {isComputing(session) && (
              <strong> · computing, {formatPercent(session.cpuPercent ?? 0)} CPU</strong>
            )}
          </li>
        ))}
      </ul>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button {...(action === 'stop' ? {} : { color: 'red.9' })} onClick={onConfirm}>
          {button} {sessionCount(targets.length)}
        </Button>
      </Group>
    </Stack>
  )
}

function Outcome({
  run,
  onRetry,
  onClose,
}: {
  run: BulkRun
  onRetry: (targets: readonly SessionView[]) => void
  onClose: () => void
}): ReactNode {
  const { total, done, failures } = run
  const ended = done === total
  return (
    <Stack gap="md">
      <Progress
        value={total === 0 ? 100 : (100 * done) / total}
        aria-label={`${BULK_WORDS[run.action].doing} sessions`}
      />
      <Text role="status">
        {ended
          ? `${sessionCount(total - failures.length)} ${BULK_WORDS[run.action].done}.`
          : `${done} of ${total}`}
      </Text>
      {failures.length > 0 && (
        <Alert
          color="var(--atelier-bad)"
          icon={<IconAlertTriangle />}
          title={`${sessionCount(failures.length)} failed`}
          role="alert"
        >
          <ul className={styles['failures']} tabIndex={0} aria-label="What failed">
            {failures.map(({ session, message }) => (
              <li key={session.id}>
                <strong>{labelOf(session)}</strong>: {message}
              </li>
            ))}
          </ul>
        </Alert>
      )}
      <Group justify="flex-end">
        {ended && failures.length > 0 && (
          <Button variant="default" onClick={() => onRetry(failures.map(({ session }) => session))}>
            Try these again
          </Button>
        )}
        <Button variant={ended ? 'filled' : 'default'} onClick={onClose} data-autofocus>
          {ended ? 'Close' : 'Go on in the background'}
        </Button>
      </Group>
    </Stack>
  )
}
