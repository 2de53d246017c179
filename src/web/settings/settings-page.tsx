import { Stack, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { usePageHeading } from '../shell/page.tsx'
import { AboutSection } from './about-section.tsx'
import { AppearanceSection } from './appearance-section.tsx'
import { NewSessionsSection } from './new-sessions-section.tsx'
import { NotifySetting } from './notify-setting.tsx'
import { OpenSetting } from './open-setting.tsx'
import { Section } from './section.tsx'
import { ShortcutsSetting } from './shortcuts-setting.tsx'

/** What the user can wish of this UI; kept in this browser. */
export function SettingsPage(): ReactNode {
  const heading = usePageHeading('Settings')
  return (
    <Stack gap="lg" maw="46rem" mx="auto">
      <Title order={1} size="h2" ref={heading} tabIndex={-1}>
        Settings
      </Title>
      <AppearanceSection />
      <NewSessionsSection />
      <Section title="Opening and news">
        <OpenSetting />
        <NotifySetting />
      </Section>
      <Section title="Keyboard">
        <ShortcutsSetting />
      </Section>
      <AboutSection />
    </Stack>
  )
}
