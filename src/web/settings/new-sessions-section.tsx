import { NativeSelect } from '@mantine/core'
import type { ReactNode } from 'react'
import { IDE_NAMES } from '../../sessions/session.ts'
import type { Language } from '../../ides/language-version.ts'
import { useVersions } from '../api/queries.ts'
import { IDE_TITLES } from '../ides/ide-titles.ts'
import { Section } from './section.tsx'
import { useSettings } from './use-settings.ts'

const LAST = 'last:'
const LANGUAGES: readonly { language: Language; title: string }[] = [
  { language: 'python', title: 'Python' },
  { language: 'r', title: 'R' },
]

/** What the dialog for a new session begins with. */
export function NewSessionsSection(): ReactNode {
  const [settings, change] = useSettings()
  const versions = useVersions().data ?? []
  return (
    <Section title="New sessions">
      <NativeSelect
        label="IDE"
        data={[
          { value: '', label: 'The one I chose last' },
          ...IDE_NAMES.map((ide) => ({ value: ide, label: IDE_TITLES[ide] })),
        ]}
        value={settings.ide ?? ''}
        onChange={({ currentTarget: { value } }) =>
          change({ ide: IDE_NAMES.find((each) => each === value) ?? null })
        }
      />
      {LANGUAGES.map(({ language, title }) => {
        const found = versions.filter((version) => version.language === language)
        const chosen = settings[language]
        const gone =
          chosen !== null && chosen !== '' && !found.some(({ id }) => id === chosen)
            ? [{ value: chosen, label: `${chosen} (not found)` }]
            : []
        return (
          <NativeSelect
            key={language}
            label={title}
            description={found.length === 0 ? `No ${title} was found on the server.` : undefined}
            data={[
              { value: LAST, label: 'The one I chose last' },
              { value: '', label: 'The usual one' },
              ...found.map(({ id, label }) => ({ value: id, label })),
              ...gone,
            ]}
            value={chosen ?? LAST}
            onChange={({ currentTarget: { value } }) =>
              change({ [language]: value === LAST ? null : value })
            }
          />
        )
      })}
    </Section>
  )
}
