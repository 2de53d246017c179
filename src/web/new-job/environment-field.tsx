import { ActionIcon, Button, Input, PasswordInput, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useEffect, useRef, type ReactNode } from 'react'
import type { VariableDraft } from './job-draft.ts'
import styles from './new-job.module.css'

/** Names and values of the environment; values are hidden while they are typed. */
export function EnvironmentField({
  value,
  onChange,
  error,
}: {
  value: readonly VariableDraft[]
  onChange: (rows: readonly VariableDraft[]) => void
  error: string | undefined
}): ReactNode {
  const added = useRef<number | null>(null)
  const rows = useRef<HTMLDivElement>(null)
  const add = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (added.current === null) return
    rows.current?.querySelector<HTMLElement>(`[data-row="${added.current}"] input`)?.focus()
    added.current = null
  }, [value])
  const change = (key: number, changes: Partial<VariableDraft>): void =>
    onChange(value.map((row) => (row.key === key ? { ...row, ...changes } : row)))
  return (
    <div role="group" aria-labelledby="environment-label">
      <Input.Label id="environment-label" component="div">
        Environment (optional)
      </Input.Label>
      <Input.Description>
        Values are given to the job, shown to nobody and not kept in this browser.
      </Input.Description>
      <div ref={rows}>
        {value.map((row, n) => (
          <div key={row.key} className={styles['variable']} data-row={row.key}>
            <TextInput
              aria-label={`Name of variable ${n + 1}`}
              placeholder="NAME"
              spellCheck={false}
              autoComplete="off"
              maxLength={200}
              value={row.name}
              onChange={(event) => change(row.key, { name: event.currentTarget.value })}
            />
            <PasswordInput
              aria-label={`Value of ${row.name || `variable ${n + 1}`}`}
              placeholder="Value"
              autoComplete="new-password"
              maxLength={20_000}
              value={row.value}
              onChange={(event) => change(row.key, { value: event.currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              c="var(--mantine-color-text)"
              size="lg"
              aria-label={`Remove ${row.name || `variable ${n + 1}`}`}
              title="Remove"
              onClick={() => {
                onChange(value.filter(({ key }) => key !== row.key))
                add.current?.focus()
              }}
            >
              <IconTrash size={18} />
            </ActionIcon>
          </div>
        ))}
      </div>
      {error !== undefined && (
        <Text size="sm" c="var(--mantine-color-error)" mt={4} role="alert">
          {error}
        </Text>
      )}
      <Button
        ref={add}
        mt="xs"
        size="compact-md"
        fz="sm"
        variant="subtle"
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={() => {
          const key = Math.max(-1, ...value.map((row) => row.key)) + 1
          added.current = key
          onChange([...value, { key, name: '', value: '' }])
        }}
      >
        Add a variable
      </Button>
    </div>
  )
}
