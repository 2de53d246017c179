import { Alert, VisuallyHidden } from '@mantine/core'
import { IconAlertOctagon, IconAlertTriangle, IconInfoCircle, type Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { NoticeJson } from '../../control/notice-json.ts'
import type { Severity } from '../../notices/notice.ts'
import styles from './notices.module.css'
import { useNotices } from './use-notices.ts'

const LOOKS: Readonly<Record<Severity, { word: string; icon: Icon; colour: string }>> = {
  info: { word: 'Notice', icon: IconInfoCircle, colour: 'var(--atelier-busy)' },
  warning: { word: 'Warning', icon: IconAlertTriangle, colour: 'var(--atelier-warn)' },
  critical: { word: 'Important', icon: IconAlertOctagon, colour: 'var(--atelier-bad)' },
}

/** What administrators have to say to everybody; above the content of every page. */
export function Notices(): ReactNode {
  const [notices, putAway] = useNotices()
  return (
    <section aria-label="Notices" aria-live="polite" className={styles['notices']}>
      {notices.map((notice) => (
        <NoticeBox
          key={`${notice.id}.${notice.version}`}
          notice={notice}
          onPutAway={() => {
            putAway(notice)
            // The button that had the focus is gone.
            document.getElementById('main')?.focus({ preventScroll: true })
          }}
        />
      ))}
    </section>
  )
}

function NoticeBox({
  notice: { text, severity, dismissible },
  onPutAway,
}: {
  notice: NoticeJson
  onPutAway: () => void
}): ReactNode {
  const { word, icon: Picture, colour } = LOOKS[severity]
  return (
    <Alert
      className={styles['notice'] ?? ''}
      color={colour}
      icon={<Picture aria-hidden />}
      role="note"
      withCloseButton={dismissible}
      closeButtonLabel="Put this notice away"
      onClose={onPutAway}
    >
      {severity === 'info' ? (
        <VisuallyHidden>{word}: </VisuallyHidden>
      ) : (
        <strong className={styles['word']}>{word}: </strong>
      )}
      <span className={styles['text']}>{text}</span>
    </Alert>
  )
}
