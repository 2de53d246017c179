import { NativeSelect } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { Profile } from '../../sessions/profiles.ts'
import { useProfiles } from '../api/queries.ts'
import { formatProfile } from '../format/format-profile.ts'

/** The resource profiles that are offered and the one that is chosen; null where none are configured. */
export interface ProfilesChoice {
  readonly profiles: readonly Profile[]
  readonly wanted: string | null
  readonly choose: (name: string) => void
}

/** The choice of a resource profile; it begins with the usual one, so that nobody takes more by habit. */
export function useProfileChoice(): ProfilesChoice {
  const profiles = useProfiles().data ?? []
  const [chosen, choose] = useState<string | null>(null)
  const known = profiles.some(({ name }) => name === chosen)
  return { profiles, wanted: known ? chosen : (profiles[0]?.name ?? null), choose }
}

/** A select of the resource profiles, where there are any; a single one only says what the session may use. */
export function ProfileChoice({ choice }: { choice: ProfilesChoice }): ReactNode {
  const { profiles, wanted, choose } = choice
  if (wanted === null) return null
  return (
    <NativeSelect
      label="Resources"
      description="What the session may use of the server."
      data={profiles.map((profile) => ({ value: profile.name, label: formatProfile(profile) }))}
      value={wanted}
      onChange={(event) => choose(event.currentTarget.value)}
    />
  )
}
