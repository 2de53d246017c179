import { Alert, Button, Group, Stack, TextInput } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react'
import type { IdeName } from '../../sessions/session.ts'
import { useCreateSession } from '../api/actions.ts'
import { useIdes, useLimits, useSessions } from '../api/queries.ts'
import { useSettings } from '../settings/use-settings.ts'
import { allowedIdes } from './allowed-ides.ts'
import { IdeChoice } from './ide-choice.tsx'
import { LeftNotice } from './left-notice.tsx'
import { offeredVersions } from './offered-versions.ts'
import { offeredIde, rememberIde } from './remembered-ide.ts'
import { ProfileChoice, useProfileChoice } from './profile-choice.tsx'
import { sessionsLeft } from './sessions-left.ts'
import { useVersionChoice, VersionChoice } from './version-choice.tsx'

/** The form of a new session: its IDE and, if wanted, its name. */
export function NewSessionForm({ onCancel }: { onCancel: () => void }): ReactNode {
  const ides = useIdes()
  const limits = useLimits()
  const sessions = useSessions().data ?? []
  const [settings] = useSettings()
  const [chosen, setChosen] = useState<IdeName | null>(null)
  const [name, setName] = useState('')
  const versions = useVersionChoice((language, all) => offeredVersions(chosen, language, all))
  const profile = useProfileChoice()
  const create = useCreateSession()
  const end = useRef<HTMLDivElement>(null)
  const left = sessionsLeft(limits.data?.sessions.most ?? null, sessions)
  // Where the limits cannot be read, the server itself refuses what is not allowed.
  const offered =
    limits.isPending || ides.data === undefined
      ? undefined
      : allowedIdes(ides.data, limits.data?.ides ?? null)
  useEffect(() => {
    // In a small window the end of the form, where the problem is told, may be out of sight.
    if (create.error !== null) end.current?.scrollIntoView({ block: 'nearest' })
  }, [create.error])

  // Offered once: a choice does not change under the user's hand when another IDE becomes ready.
  if (chosen === null && offered !== undefined) {
    const first = offeredIde(offered, settings.ide)
    if (first !== null) setChosen(first)
  }
  const usable = offered?.some((ide) => ide.name === chosen && ide.state === 'installed') === true

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (chosen === null || left.isReached || create.isPending) return
    rememberIde(chosen)
    versions.remember()
    const wanted = { ide: chosen, ...versions.wanted, profile: profile.wanted }
    create.mutate(name.trim() === '' ? wanted : { ...wanted, name: name.trim() })
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="lg">
        <IdeChoice ides={ides} offered={offered} chosen={chosen} onChoose={setChosen} />
        <VersionChoice choice={versions} />
        <ProfileChoice choice={profile} />
        <TextInput
          label="Name (optional)"
          description="Helps you to tell sessions apart. You can change it later."
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <LeftNotice left={left} />
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
          <Button type="submit" disabled={!usable || left.isReached} loading={create.isPending}>
            Start session
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
