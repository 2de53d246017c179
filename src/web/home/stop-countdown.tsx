import { Button, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { ReactNode } from 'react'
import type { SessionView } from '../api/session-view.ts'
import { labelOf } from '../ides/ide-look.ts'
import { KeepDialog } from './keep-dialog.tsx'
import { useKeepSession } from './keep-session.ts'
import { stopNotice } from './stop-notice.ts'

/** When a session will be stopped and why, with what to do about it; nothing while that is far off. */
export function StopCountdown({ session, now }: { session: SessionView; now: number }): ReactNode {
  const [asking, ask] = useDisclosure(false)
  const keep = useKeepSession()
  const notice = stopNotice(session, now)
  const label = labelOf(session)
  return (
    <>
      {notice !== null && (
        <Group gap={6} mt={4}>
          <Text size="xs">{notice.text}</Text>
          {notice.kind === 'stops' ? (
            <Button
              size="compact-xs"
              variant="default"
              onClick={ask.open}
              aria-label={`Keep ${label} until…`}
            >
              Keep until…
            </Button>
          ) : (
            <Button
              size="compact-xs"
              variant="default"
              loading={keep.isPending}
              onClick={() => keep.mutate({ session, until: null })}
              aria-label={`Do not keep ${label} any longer`}
            >
              Undo
            </Button>
          )}
        </Group>
      )}
      <KeepDialog session={session} opened={asking} onClose={ask.close} />
    </>
  )
}
