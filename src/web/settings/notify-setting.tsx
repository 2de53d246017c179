import { Alert, Text } from '@mantine/core'
import { IconBellOff } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { askForNotifications, type NotifyAnswer } from '../live/browser-notifications.ts'
import { SwitchSetting } from './switch-setting.tsx'
import { useSettings } from './use-settings.ts'

const PROBLEMS: Readonly<Record<Exclude<NotifyAnswer, 'granted'>, string>> = {
  denied:
    'Your browser blocks notifications of this site. Allow them in its settings for this site, then turn this on again.',
  dismissed: 'Your browser was not allowed to show notifications. Turn this on again to be asked.',
  unavailable:
    'This browser shows no notifications here. They need an address that begins with https.',
}

/** Whether the browser tells of sessions that are ready, have failed, are lost or are back; it is asked only when this is turned on. */
export function NotifySetting(): ReactNode {
  const [{ notify }, change] = useSettings()
  const [answer, setAnswer] = useState<NotifyAnswer>('granted')
  const turn = async (on: boolean): Promise<void> => {
    const given = on ? await askForNotifications(window) : 'granted'
    setAnswer(given)
    change({ notify: on && given === 'granted' })
  }
  return (
    <>
      <SwitchSetting
        label="Notifications"
        description="Your browser tells you when a session is ready, has failed, is lost or is back while you look at something else."
        checked={notify}
        onChange={(on) => void turn(on)}
      />
      {answer !== 'granted' && (
        <Alert
          color="var(--atelier-warn)"
          icon={<IconBellOff />}
          title="Notifications stay off"
          role="alert"
        >
          <Text size="sm">{PROBLEMS[answer]}</Text>
        </Alert>
      )}
    </>
  )
}
