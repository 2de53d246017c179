import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useState, type FormEvent, type ReactNode } from 'react'
import type { SessionView } from '../api/session-view.ts'
import { formatMoment } from '../format/format-moment.ts'
import { labelOf } from '../ides/ide-look.ts'
import { useNow } from '../live/use-now.ts'
import { keepChoices, toInput } from './keep-choices.ts'
import { useKeepSession } from './keep-session.ts'

const MINUTE_MS = 60_000

/** Asks until when a session is to be kept, whatever its limits. */
export function KeepDialog({
  session,
  opened,
  onClose,
}: {
  session: SessionView
  opened: boolean
  onClose: () => void
}): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title={`Keep ${labelOf(session)} until…`} centered>
      <Choices session={session} onClose={onClose} />
    </Modal>
  )
}

function Choices({ session, onClose }: { session: SessionView; onClose: () => void }): ReactNode {
  const now = useNow(MINUTE_MS)
  const atMost = Date.parse(session.keepUntilAtMost)
  const [date, setDate] = useState('')
  const { mutate } = useKeepSession()
  const keep = (until: number): void => {
    mutate({ session, until })
    onClose()
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const until = new Date(date).getTime()
    if (!Number.isNaN(until)) keep(until)
  }
  if (atMost <= now + MINUTE_MS) return <Text>Sessions cannot be kept on this server.</Text>
  return (
    <Stack gap="sm">
      <Text size="sm">Until then it is not stopped, whether somebody uses it or not.</Text>
      {keepChoices(now, atMost).map(({ label, until }) => (
        <Button
          key={label}
          variant="default"
          justify="space-between"
          rightSection={<Text size="sm">{formatMoment(until, now)}</Text>}
          onClick={() => keep(until)}
        >
          {label}
        </Button>
      ))}
      <form onSubmit={submit}>
        <Group align="flex-end" wrap="nowrap">
          <TextInput
            type="datetime-local"
            label="Another time"
            description={`${formatMoment(atMost, now)} at the latest`}
            required
            min={toInput(now + MINUTE_MS)}
            max={toInput(atMost)}
            value={date}
            onChange={(event) => setDate(event.currentTarget.value)}
            style={{ flex: 1 }}
          />
          <Button type="submit">Keep</Button>
        </Group>
      </form>
    </Stack>
  )
}
