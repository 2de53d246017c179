import { Button, Menu } from '@mantine/core'
import {
  IconChevronDown,
  IconDashboard,
  IconDevices,
  IconHistory,
  IconKey,
  IconKeyboard,
  IconLogout,
  IconServer2,
  IconSettings,
  IconUser,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { Me } from '../api/session-view.ts'
import { useSignOut } from '../api/use-sign-out.ts'
import styles from './shell.module.css'

/** The menu of the user: who that is, settings, tokens, history, dashboard and cluster for administrators, keyboard, sign out. */
export function UserMenu({ me, onShortcuts }: { me: Me; onShortcuts: () => void }): ReactNode {
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
        <Menu.Label>
          {me.user}, {me.role}
        </Menu.Label>
        <Menu.Item component={Link} href="/settings" leftSection={<IconSettings size={16} />}>
          Settings
        </Menu.Item>
        <Menu.Item component={Link} href="/tokens" leftSection={<IconKey size={16} />}>
          API tokens
        </Menu.Item>
        <Menu.Item component={Link} href="/history" leftSection={<IconHistory size={16} />}>
          History
        </Menu.Item>
        {me.role === 'administrator' && (
          <Menu.Item component={Link} href="/admin" leftSection={<IconDashboard size={16} />}>
            Dashboard
          </Menu.Item>
        )}
        {me.role === 'administrator' && (
          <Menu.Item component={Link} href="/cluster" leftSection={<IconServer2 size={16} />}>
            Cluster
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={onShortcuts}>
          Keyboard shortcuts
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} />}
          onClick={() => signOut.mutate({ everywhere: false })}
        >
          Sign out
        </Menu.Item>
        <Menu.Item
          leftSection={<IconDevices size={16} />}
          onClick={() => signOut.mutate({ everywhere: true })}
        >
          Sign out everywhere
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
