import { Alert, Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useState, type FormEvent, type ReactNode } from 'react'
import type { Scope } from '../../auth/scopes.ts'
import { ScopeChoice } from './scope-choice.tsx'
import type { CreatedToken } from './token-view.ts'
import { LIFETIMES } from './token-words.ts'
import { useCreateToken } from './use-tokens.ts'

const NEVER = 'never'

/** The form of a new token: name, scopes and lifetime. */
export function NewTokenForm({
  onCreated,
  onCancel,
}: {
  onCreated: (created: CreatedToken) => void
  onCancel: () => void
}): ReactNode {
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<readonly Scope[]>(['read'])
  const [days, setDays] = useState<number | null>(90)
  const [tried, setTried] = useState(false)
  const create = useCreateToken()
  const nameProblem = tried && name.trim() === '' ? 'Give it a name, such as what it is for.' : null
  const scopeProblem = tried && scopes.length === 0 ? 'Choose at least one.' : null

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setTried(true)
    if (name.trim() === '' || scopes.length === 0 || create.isPending) return
    create.mutate({ name: name.trim(), scopes, expiresInDays: days }, { onSuccess: onCreated })
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        <TextInput
          label="Name"
          description="What it is for, so that you know later which one to revoke."
          placeholder="nightly report"
          maxLength={100}
          required
          data-autofocus
          value={name}
          error={nameProblem}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <ScopeChoice scopes={scopes} onChange={setScopes} problem={scopeProblem} />
        <NativeSelect
          label="Expires after"
          data={LIFETIMES.map(({ days: each, label }) => ({
            value: each === null ? NEVER : String(each),
            label,
          }))}
          value={days === null ? NEVER : String(days)}
          onChange={({ currentTarget: { value } }) =>
            setDays(value === NEVER ? null : Number(value))
          }
        />
        {days === null && (
          <Text size="sm" c="var(--atelier-warn)">
            A token that never expires stays dangerous for ever if it leaks. Revoke it yourself when
            you no longer need it.
          </Text>
        )}
        {create.error !== null && (
          <Alert
            color="var(--atelier-bad)"
            icon={<IconAlertTriangle />}
            title="The token could not be created"
            role="alert"
          >
            {create.error.message}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Create token
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
