import { ActionIcon, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconAppWindow,
  IconClockPlus,
  IconDots,
  IconFileText,
  IconHandStop,
  IconTrash,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useStopSession } from '../api/actions.ts'
import type { SessionView } from '../api/session-view.ts'
import { labelOf } from '../ides/ide-look.ts'
import { ForceStopDialog } from './force-stop-dialog.tsx'
import { KeepDialog } from './keep-dialog.tsx'
import { LogDialog } from './log-dialog.tsx'
import { canServe, WebAppsDialog } from './web-apps-dialog.tsx'

/** The further actions of a session that has not ended. */
export function RunningMenu({ session }: { session: SessionView }): ReactNode {
  const [asking, ask] = useDisclosure(false)
  const [keeping, keep] = useDisclosure(false)
  const [showingApps, showApps] = useDisclosure(false)
  const canKeep = session.state === 'Active' || session.state === 'Idle'
  return (
    <>
      <MoreMenu session={session}>
        {canServe(session) && (
          <Menu.Item leftSection={<IconAppWindow size={16} />} onClick={showApps.open}>
            Web apps…
          </Menu.Item>
        )}
        {canKeep && (
          <Menu.Item leftSection={<IconClockPlus size={16} />} onClick={keep.open}>
            Keep until…
          </Menu.Item>
        )}
        <Menu.Item
          c="var(--mantine-color-error)"
          leftSection={<IconHandStop size={16} />}
          onClick={ask.open}
        >
          Force stop…
        </Menu.Item>
      </MoreMenu>
      <ForceStopDialog session={session} opened={asking} onClose={ask.close} />
      <KeepDialog session={session} opened={keeping} onClose={keep.close} />
      <WebAppsDialog session={session} opened={showingApps} onClose={showApps.close} />
    </>
  )
}

/** The further actions of a session that has ended. */
export function EndedMenu({ session }: { session: SessionView }): ReactNode {
  const [reading, read] = useDisclosure(false)
  const remove = useStopSession()
  return (
    <>
      <MoreMenu session={session}>
        <Menu.Item leftSection={<IconFileText size={16} />} onClick={read.open}>
          Show log
        </Menu.Item>
        <Menu.Item leftSection={<IconTrash size={16} />} onClick={() => remove.mutate({ session })}>
          Remove
        </Menu.Item>
      </MoreMenu>
      <LogDialog session={session} opened={reading} onClose={read.close} />
    </>
  )
}

function MoreMenu({ session, children }: { session: SessionView; children: ReactNode }): ReactNode {
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          aria-label={`More actions for ${labelOf(session)}`}
          title="More actions"
        >
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  )
}
