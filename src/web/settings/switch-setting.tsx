import { Text } from '@mantine/core'
import { useId, type ReactNode } from 'react'
import styles from './settings.module.css'

/** Something that is on or off, with a sentence about it. */
export function SwitchSetting({
  label,
  description,
  checked,
  onChange,
}: {
  label: string
  description: string
  checked: boolean
  onChange: (checked: boolean) => void
}): ReactNode {
  const id = useId()
  return (
    <label className={styles['switch']}>
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
        aria-label={label}
        aria-describedby={id}
      />
      <span>
        <Text component="span" size="sm" fw={600} display="block">
          {label}
        </Text>
        <Text component="span" size="sm" c="dimmed" id={id}>
          {description}
        </Text>
      </span>
    </label>
  )
}
