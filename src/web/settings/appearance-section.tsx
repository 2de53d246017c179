import { useMantineColorScheme } from '@mantine/core'
import type { ReactNode } from 'react'
import { RadioSetting } from './radio-setting.tsx'
import { Section } from './section.tsx'
import { useSettings } from './use-settings.ts'

/** Colours, and how close the rows of the list stand. */
export function AppearanceSection(): ReactNode {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [{ density }, change] = useSettings()
  return (
    <Section title="Appearance">
      <RadioSetting
        label="Colours"
        name="colours"
        options={[
          { value: 'auto', label: 'Like the system' },
          { value: 'light', label: 'Light' },
          { value: 'dark', label: 'Dark' },
        ]}
        value={colorScheme}
        onChange={setColorScheme}
      />
      <RadioSetting
        label="List of sessions"
        name="density"
        options={[
          { value: 'comfortable', label: 'Comfortable' },
          { value: 'compact', label: 'Compact' },
        ]}
        value={density}
        onChange={(value) => change({ density: value })}
      />
    </Section>
  )
}
