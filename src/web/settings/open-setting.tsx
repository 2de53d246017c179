import type { ReactNode } from 'react'
import { RadioSetting } from './radio-setting.tsx'
import { useSettings } from './use-settings.ts'

/** Where a session opens from the list. */
export function OpenSetting(): ReactNode {
  const [{ openIn }, change] = useSettings()
  return (
    <RadioSetting
      label="Open sessions in"
      name="open-in"
      options={[
        { value: 'new-tab', label: 'A new tab' },
        { value: 'same-tab', label: 'The same tab' },
      ]}
      value={openIn}
      onChange={(value) => change({ openIn: value })}
    />
  )
}
