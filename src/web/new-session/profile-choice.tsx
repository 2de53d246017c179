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

/** The choice of a resource profile; it begins with the usual one, so that nobody takes more by habit, or with `first`. */
export function useProfileChoice(first: string | null = null): ProfilesChoice {
  const profiles = useProfiles().data ?? []
  const [chosen, choose] = useState(first)
  const known = profiles.some(({ name }) => name === chosen)
  return { profiles, wanted: known ? chosen : (profiles[0]?.name ?? null), choose }
}

/** A select of the resource profiles, where there are any; a single one only says what may be used. */
export function ProfileChoice({
  choice,
  what = 'session',
  error,
}: {
  choice: ProfilesChoice
  /** Who uses it. */
  what?: 'session' | 'job'
  error?: string | undefined
}): ReactNode {
  const { profiles, wanted, choose } = choice
  if (wanted === null) return null
  return (
    <NativeSelect
      label="Resources"
      description={`What the ${what} may use of the server.`}
      error={error}
      data={profiles.map((profile) => ({ value: profile.name, label: formatProfile(profile) }))}
      value={wanted}
      onChange={(event) => choose(event.currentTarget.value)}
    />
  )
}
