import { CloseButton, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import type { ReactNode, RefObject } from 'react'
import styles from './list-tools.module.css'

/** The field of a list that one searches with; Escape empties it. */
export function SearchField({
  label,
  placeholder,
  value,
  onChange,
  search,
}: {
  label: string
  placeholder: string
  value: string
  onChange: (text: string) => void
  /** The field itself, which the key `/` leads to. */
  search: RefObject<HTMLInputElement | null>
}): ReactNode {
  return (
    <TextInput
      ref={search}
      className={styles['text']}
      aria-label={label}
      placeholder={placeholder}
      leftSection={<IconSearch size={18} aria-hidden />}
      rightSection={
        value !== '' && (
          <CloseButton
            size="sm"
            aria-label="Clear the search"
            onClick={() => {
              onChange('')
              search.current?.focus()
            }}
          />
        )
      }
      maxLength={200}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Escape' && onChange('')}
    />
  )
}
