import { ActionIcon, Text, TextInput } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useRenameSession } from '../api/actions.ts'
import type { SessionView } from '../api/session-view.ts'
import { IDE_LOOKS, labelOf } from '../ides/ide-look.ts'
import styles from '../list/rows.module.css'

/** The name of a session; the pencil makes it a field: Enter or leaving it saves, Escape does not. */
export function SessionName({ session }: { session: SessionView }): ReactNode {
  const [draft, setDraft] = useState<string | null>(null)
  const pencil = useRef<HTMLButtonElement>(null)
  const rename = useRenameSession()
  const label = labelOf(session)

  const finish = (name: string | null): void => {
    setDraft(null)
    if (name !== null && name.trim() !== (session.name ?? '')) {
      rename.mutate({ session, name: name.trim() })
    }
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return
    finish(event.key === 'Enter' ? event.currentTarget.value : null)
    // The field goes away with the focus in it: the pencil takes both places.
    setTimeout(() => pencil.current?.focus())
  }

  if (draft !== null) {
    return (
      <TextInput
        aria-label={`New name of ${label}`}
        placeholder={IDE_LOOKS[session.ide].title}
        size="xs"
        maxLength={100}
        autoFocus
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onFocus={(event) => event.currentTarget.select()}
        onKeyDown={onKeyDown}
        onBlur={(event) => draft !== null && finish(event.currentTarget.value)}
      />
    )
  }
  const shown = rename.isPending ? rename.variables.name || IDE_LOOKS[session.ide].title : label
  return (
    <div className={styles['name']}>
      <Text fw={600} component="span" lineClamp={2} title={shown}>
        {shown}
      </Text>
      <ActionIcon
        ref={pencil}
        variant="subtle"
        color="gray"
        c="dimmed"
        size="sm"
        aria-label={`Rename ${label}`}
        title="Rename"
        onClick={() => setDraft(session.name ?? '')}
      >
        <IconPencil size={15} />
      </ActionIcon>
    </div>
  )
}
