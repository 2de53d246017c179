import { Alert, Button, Group, Stack, TextInput } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react'
import type { IdeName } from '../../sessions/session.ts'
import { useCreateSession } from '../api/actions.ts'
import { useIdes } from '../api/queries.ts'
import { useSettings } from '../settings/use-settings.ts'
import { IdeChoice } from './ide-choice.tsx'
import { offeredIde, rememberIde } from './remembered-ide.ts'
import { ProfileChoice, useProfileChoice } from './profile-choice.tsx'
import { useVersionChoice, VersionChoice } from './version-choice.tsx'

/** The form of a new session: its IDE and, if wanted, its name. */
export function NewSessionForm({ onCancel }: { onCancel: () => void }): ReactNode {
  const ides = useIdes()
  const [settings] = useSettings()
  const [chosen, setChosen] = useState<IdeName | null>(null)
  const [name, setName] = useState('')
  const versions = useVersionChoice(chosen)
  const profile = useProfileChoice()
  const create = useCreateSession()
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // In a small window the end of the form, where the problem is told, may be out of sight.
    if (create.error !== null) end.current?.scrollIntoView({ block: 'nearest' })
  }, [create.error])

  // Offered once: a choice does not change under the user's hand when another IDE becomes ready.
  if (chosen === null && ides.data !== undefined) {
    const offered = offeredIde(ides.data, settings.ide)
    if (offered !== null) setChosen(offered)
  }
  const usable = ides.data?.some((ide) => ide.name === chosen && ide.state === 'installed') === true

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (chosen === null || create.isPending) return
    rememberIde(chosen)
    versions.remember()
    const wanted = { ide: chosen, ...versions.wanted, profile: profile.wanted }
    create.mutate(name.trim() === '' ? wanted : { ...wanted, name: name.trim() })
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        <IdeChoice ides={ides} chosen={chosen} onChoose={setChosen} />
        <VersionChoice choice={versions} />
        <ProfileChoice choice={profile} />
        <TextInput
          label="Name (optional)"
          description="Helps you to tell sessions apart. You can change it later."
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {create.error !== null && (
          <Alert
            color="var(--atelier-bad)"
            icon={<IconAlertTriangle />}
            title="The session could not be started"
            role="alert"
          >
            {create.error.message}
          </Alert>
        )}
        <Group justify="flex-end" ref={end}>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" disabled={!usable} loading={create.isPending}>
            Start session
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
