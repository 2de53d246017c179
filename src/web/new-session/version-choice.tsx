import { Button, Group, Stack, Text } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import type { Language, VersionView } from '../../ides/language-version.ts'
import { useRescan, useVersions } from '../api/queries.ts'
import type { Settings } from '../settings/settings.ts'
import { useSettings } from '../settings/use-settings.ts'
import styles from './ide-option.module.css'
import type { VersionOffer } from './offered-versions.ts'
import { rememberedVersion, rememberVersion } from './remembered-version.ts'
import { VersionSelect } from './version-select.tsx'

const TITLES: Readonly<Record<Language, string>> = { python: 'Python', r: 'R' }
const LANGUAGES = ['python', 'r'] as const

/** What is offered and chosen of one language. */
interface LanguageChoice extends VersionOffer {
  readonly language: Language
  readonly value: string
  readonly choose: (id: string) => void
}

/** What is offered and chosen of Pythons and Rs. */
export interface VersionsChoice {
  readonly languages: readonly LanguageChoice[]
  /** Why they could not be read. */
  readonly error: Error | null
  /** What to start the session with: null for what its account runs anyway. */
  readonly wanted: Readonly<Record<Language, string | null>>
  readonly remember: () => void
}

/**
 * The choice of Python and R among those that `offered` answers; it begins with `first`, or else with what the settings say, or
 * was chosen last.
 */
export function useVersionChoice(
  offered: (language: Language, versions: readonly VersionView[]) => VersionOffer,
  first: Readonly<Record<Language, string | null>> | null = null,
): VersionsChoice {
  const { data: versions, error } = useVersions()
  const [settings] = useSettings()
  const [chosen, setChosen] = useState<Partial<Record<Language, string>>>({})
  const languages = LANGUAGES.map((language) => {
    const offer = versions === undefined ? { options: [], note: null } : offered(language, versions)
    const begin = first === null ? offeredFirst(language, settings) : (first[language] ?? '')
    const wish = chosen[language] ?? begin
    const value = offer.options.some((option) => option.value === wish) ? wish : ''
    const choose = (id: string): void => setChosen((before) => ({ ...before, [language]: id }))
    return { language, ...offer, value, choose }
  })
  const [python, r] = languages.map(({ value }) => (value === '' ? null : value))
  return {
    languages: languages.filter(({ options, note }) => options.length > 0 || note !== null),
    error,
    wanted: { python: python ?? null, r: r ?? null },
    remember: () => {
      for (const { language, value, options } of languages) {
        if (options.length > 0) rememberVersion(language, value)
      }
    },
  }
}

function offeredFirst(language: Language, settings: Settings): string {
  return settings[language] ?? rememberedVersion(language)
}

/** For each language what can be chosen, or why nothing can; and a way to look for versions again. */
export function VersionChoice({ choice }: { choice: VersionsChoice }): ReactNode {
  const rescan = useRescan()
  const problem = rescan.error ?? choice.error
  if (choice.languages.length === 0 && problem === null) return null
  return (
    <Stack gap={6} role="group" aria-label="Versions">
      <div className={styles['versions']}>
        {choice.languages.map(({ language, options, note, value, choose }) =>
          options.length > 0 ? (
            <VersionSelect
              key={language}
              label={TITLES[language]}
              options={options}
              value={value}
              onChange={choose}
            />
          ) : (
            <div key={language}>
              <div className={styles['legend']}>{TITLES[language]}</div>
              <Text size="sm" c="dimmed">
                {note}
              </Text>
            </div>
          ),
        )}
      </div>
      <Group gap="sm">
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconRefresh size={16} aria-hidden />}
          loading={rescan.isPending}
          onClick={() => rescan.mutate()}
        >
          Look for versions again
        </Button>
        <Text size="sm" c="dimmed" role="status">
          {rescan.isSuccess && 'Looked just now.'}
        </Text>
      </Group>
      {problem !== null && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          The versions could not be read. {problem.message} The usual ones are used.
        </Text>
      )}
    </Stack>
  )
}
