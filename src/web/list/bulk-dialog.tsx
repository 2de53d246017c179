import { Alert, Button, Group, Modal, Progress, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { formatPercent } from '../format/format-usage.ts'
import { counted, type Bulk, type Item } from './bulk.ts'
import styles from './list-tools.module.css'
import type { BulkRun } from './use-bulk.ts'

/** Asks before something is done with several items, then shows how far it is and what failed. */
export function BulkDialog<T extends Item, A extends string>({
  bulk,
  opened,
  action,
  targets,
  run,
  onConfirm,
  onClose,
  onGone,
}: {
  bulk: Bulk<T, A>
  opened: boolean
  action: A
  targets: readonly T[]
  run: BulkRun<T, A> | null
  onConfirm: (targets: readonly T[]) => void
  onClose: () => void
  onGone: () => void
}): ReactNode {
  const { button, doing } = bulk.words[action]
  const title =
    run === null
      ? `${button} ${counted(bulk.noun, targets.length)}?`
      : `${doing} ${counted(bulk.noun, run.total)}`
  return (
    <Modal opened={opened} onClose={onClose} onExitTransitionEnd={onGone} title={title} centered>
      {run === null ? (
        <Question
          bulk={bulk}
          action={action}
          targets={targets}
          onConfirm={() => onConfirm(targets)}
          onClose={onClose}
        />
      ) : (
        <Outcome bulk={bulk} run={run} onRetry={onConfirm} onClose={onClose} />
      )}
    </Modal>
  )
}

function Question<T extends Item, A extends string>({
  bulk,
  action,
  targets,
  onConfirm,
  onClose,
}: {
  bulk: Bulk<T, A>
  action: A
  targets: readonly T[]
  onConfirm: () => void
  onClose: () => void
}): ReactNode {
  const { button, outcome, isDangerous, isRed } = bulk.words[action]
  const listed = targets.map((item) => ({ item, percent: bulk.computes(item) }))
  const computing = listed.filter(({ percent }) => percent !== null).length
  return (
    <Stack gap="md">
      <Text>{outcome}</Text>
      {isDangerous && computing > 0 && (
        <Alert color="var(--atelier-warn)" icon={<IconAlertTriangle />} title="Still computing">
          {computing === 1 ? 'One of them computes' : `${computing} of them compute`} now. Results
          that are not saved are lost.
        </Alert>
      )}
      <ul className={styles['names']} tabIndex={0} aria-label={`Selected ${bulk.noun}s`}>
        {listed.map(({ item, percent }) => (
          <li key={item.id}>
            {bulk.labelOf(item)}
            {isDangerous && percent !== null && (
              <strong> · computing, {formatPercent(percent)} CPU</strong>
            )}
          </li>
        ))}
      </ul>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button {...(isRed && { color: 'red.9' })} onClick={onConfirm}>
          {button} {counted(bulk.noun, targets.length)}
        </Button>
      </Group>
    </Stack>
  )
}

function Outcome<T extends Item, A extends string>({
  bulk,
  run,
  onRetry,
  onClose,
}: {
  bulk: Bulk<T, A>
  run: BulkRun<T, A>
  onRetry: (targets: readonly T[]) => void
  onClose: () => void
}): ReactNode {
  const { total, done, failures } = run
  const words = bulk.words[run.action]
  const ended = done === total
  return (
    <Stack gap="md">
      <Progress
        value={total === 0 ? 100 : (100 * done) / total}
        aria-label={`${words.doing} ${bulk.noun}s`}
      />
      <Text role="status">
        {ended
          ? `${counted(bulk.noun, total - failures.length)} ${words.done}.`
          : `${done} of ${total}`}
      </Text>
      {failures.length > 0 && (
        <Alert
          color="var(--atelier-bad)"
          icon={<IconAlertTriangle />}
          title={`${counted(bulk.noun, failures.length)} failed`}
          role="alert"
        >
          <ul className={styles['failures']} tabIndex={0} aria-label="What failed">
            {failures.map(({ item, message }) => (
              <li key={item.id}>
                <strong>{bulk.labelOf(item)}</strong>: {message}
              </li>
            ))}
          </ul>
        </Alert>
      )}
      <Group justify="flex-end">
        {ended && failures.length > 0 && (
          <Button variant="default" onClick={() => onRetry(failures.map(({ item }) => item))}>
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
