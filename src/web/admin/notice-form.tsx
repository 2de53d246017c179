import {
  Alert,
  Button,
  Checkbox,
  Group,
  NativeSelect,
  Stack,
  Textarea,
  TextInput,
} from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState, type FormEvent, type ReactNode } from 'react'
import { SEVERITIES, type Severity } from '../../notices/notice.ts'
import styles from './admin.module.css'
import { useCreateNotice } from './use-all-notices.ts'

const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  info: 'Information',
  warning: 'Warning',
  critical: 'Important',
}

/** Makes a notice for everybody. */
export function NoticeForm(): ReactNode {
  const create = useCreateNotice()
  const [text, setText] = useState('')
  const [severity, setSeverity] = useState<Severity>('info')
  const [from, setFrom] = useState('')
  const [until, setUntil] = useState('')
  const [dismissible, setDismissible] = useState(true)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (text.trim() === '' || create.isPending) return
    const wish = { text, severity, dismissible, from: timeOf(from), until: timeOf(until) }
    create.mutate(wish, { onSuccess: () => setText('') })
  }
  return (
    <form onSubmit={submit} className={styles['form']} aria-label="New notice">
      <Stack gap="md">
        <Textarea
          label="What everybody is told"
          description="Plain text. It is shown above every page at once."
          required
          rows={3}
          maxLength={1000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Group grow preventGrowOverflow={false} align="flex-end">
          <NativeSelect
            label="How much it matters"
            description="It is shown in its colour"
            data={SEVERITIES.map((each) => ({ value: each, label: SEVERITY_WORDS[each] }))}
            value={severity}
            onChange={({ currentTarget: { value } }) =>
              setSeverity(SEVERITIES.find((each) => each === value) ?? 'info')
            }
          />
          <TextInput
            type="datetime-local"
            label="Shown from"
            description="Empty: at once"
            value={from}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <TextInput
            type="datetime-local"
            label="Until"
            description="Empty: until it is taken back"
            value={until}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
        </Group>
        <Checkbox
          label="Everybody may put it away for themselves"
          checked={dismissible}
          onChange={(event) => setDismissible(event.currentTarget.checked)}
        />
        {create.error !== null && (
          <Alert
            color="var(--atelier-bad)"
            icon={<IconAlertTriangle />}
            title="It could not be shown"
            role="alert"
          >
            {create.error.message}
          </Alert>
        )}
        <Group>
          <Button type="submit" loading={create.isPending} disabled={text.trim() === ''}>
            Tell everybody
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function timeOf(local: string): string | null {
  return local === '' ? null : new Date(local).toISOString()
}
