import type { ReactNode } from 'react'
import { ShortcutList } from '../keyboard/shortcut-list.tsx'
import { SwitchSetting } from './switch-setting.tsx'
import { useSettings } from './use-settings.ts'

/** Whether single keys do something: people who speak to their computer may have to turn that off. */
export function ShortcutsSetting(): ReactNode {
  const [{ shortcuts }, change] = useSettings()
  return (
    <>
      <SwitchSetting
        label="Keyboard shortcuts"
        description="Single keys that work wherever you are not typing."
        checked={shortcuts}
        onChange={(checked) => change({ shortcuts: checked })}
      />
      {shortcuts && <ShortcutList />}
    </>
  )
}
