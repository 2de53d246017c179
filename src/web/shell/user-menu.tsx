import { Button, Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core'
import { IconChevronDown, IconLogout, IconUser } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useSignOut } from '../api/actions.ts'
import type { Me } from '../api/session-view.ts'
import styles from './shell.module.css'

const SCHEMES: readonly { value: MantineColorScheme; label: string }[] = [
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'auto', label: 'Like the system' },
]

/** The menu of the user: colours, version, sign out. */
export function UserMenu({ me }: { me: Me }): ReactNode {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const signOut = useSignOut()
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          leftSection={<IconUser size={18} />}
          rightSection={<IconChevronDown size={16} />}
          px="xs"
          className={styles['user']}
          aria-label={`${me.user}: menu`}
        >
          {me.user}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Colours</Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(value) => setColorScheme(value as MantineColorScheme)}
        >
          {SCHEMES.map(({ value, label }) => (
            <Menu.RadioItem key={value} value={value}>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => signOut.mutate()}>
          Sign out
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Atelier {me.version}</Menu.Label>
      </Menu.Dropdown>
    </Menu>
  )
}
