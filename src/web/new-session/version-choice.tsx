import { Group, NativeSelect } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { Language } from '../../ides/language-version.ts'
import type { IdeName } from '../../sessions/session.ts'
import { useVersions } from '../api/queries.ts'
import { offeredVersions, type VersionOption } from './offered-versions.ts'
import { rememberedVersion, rememberVersion } from './remembered-version.ts'

const TITLES: Readonly<Record<Language, string>> = { python: 'Python', r: 'R' }
const LANGUAGES = ['python', 'r'] as const

/** What is offered and chosen of Pythons and Rs. */
export interface VersionsChoice {
  readonly selects: readonly {
    readonly language: Language
    readonly options: readonly VersionOption[]
    readonly value: string
    readonly choose: (id: string) => void
  }[]
  /** What to start the session with: null for what its account runs anyway. */
  readonly wanted: Readonly<Record<Language, string | null>>
  readonly remember: () => void
}

/** The choice of Python and R for a session of this IDE; it begins with what was chosen last in this browser. */
export function useVersionChoice(ide: IdeName | null): VersionsChoice {
  const versions = useVersions().data ?? []
  const [chosen, setChosen] = useState<Partial<Record<Language, string>>>({})
  const selects = LANGUAGES.map((language) => {
    const options = offeredVersions(ide, language, versions)
    const wish = chosen[language] ?? rememberedVersion(language)
    const value = options.some((option) => option.value === wish) ? wish : ''
    const choose = (id: string) => setChosen((before) => ({ ...before, [language]: id }))
    return { language, options, value, choose }
  })
  const [python, r] = selects.map(({ value }) => (value === '' ? null : value))
  return {
    selects: selects.filter(({ options }) => options.length > 0),
    wanted: { python: python ?? null, r: r ?? null },
    remember: () => {
      for (const { language, value, options } of selects) {
        if (options.length > 0) rememberVersion(language, value)
      }
    },
  }
}

/** A select for each language of which there are several versions. */
export function VersionChoice({ choice }: { choice: VersionsChoice }): ReactNode {
  if (choice.selects.length === 0) return null
  return (
    <Group grow align="flex-start">
      {choice.selects.map(({ language, options, value, choose }) => (
        <NativeSelect
          key={language}
          label={TITLES[language]}
          data={[{ value: '', label: 'The usual one' }, ...options]}
          value={value}
          onChange={(event) => choose(event.currentTarget.value)}
        />
      ))}
    </Group>
  )
}
