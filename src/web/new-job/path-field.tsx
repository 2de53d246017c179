import { Button, Group, TextInput } from '@mantine/core'
import { IconFolderOpen, IconFolderSearch } from '@tabler/icons-react'
import { useRef, useState, type ReactNode } from 'react'
import { FileBrowser } from '../files/file-browser.tsx'
import type { Wanted } from '../files/shown-entries.ts'
import styles from './new-job.module.css'

/** A path of a file or folder, to be typed or to be found in the user's folders. */
export function PathField({
  wanted,
  label,
  description,
  placeholder,
  value,
  start,
  onChange,
  error,
  openedFirst = false,
}: {
  wanted: Wanted
  label: string
  description?: string
  placeholder: string
  value: string
  /** Where to begin to look; null for the last folder. */
  start: string | null
  onChange: (path: string) => void
  error: string | undefined
  /** True to look from the beginning. */
  openedFirst?: boolean
}): ReactNode {
  const [browsing, setBrowsing] = useState(openedFirst)
  const field = useRef<HTMLInputElement>(null)
  return (
    <div className={styles['path']}>
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <TextInput
          ref={field}
          className={styles['grow']}
          label={label}
          {...(description !== undefined && { description })}
          placeholder={placeholder}
          spellCheck={false}
          autoComplete="off"
          maxLength={4096}
          value={value}
          data-autofocus={(wanted === 'script' && !browsing) || undefined}
          error={error !== undefined}
          {...(error !== undefined && { 'aria-describedby': `problem-${wanted}` })}
          classNames={{ input: styles['mono'] ?? '' }}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
        <Button
          variant="default"
          className={styles['browse']}
          leftSection={
            browsing ? (
              <IconFolderOpen size={18} aria-hidden />
            ) : (
              <IconFolderSearch size={18} aria-hidden />
            )
          }
          aria-expanded={browsing}
          aria-label={`${browsing ? 'Hide files' : 'Browse…'}: ${label}`}
          onClick={() => setBrowsing(!browsing)}
        >
          {browsing ? 'Hide files' : 'Browse…'}
        </Button>
      </Group>
      {error !== undefined && (
        <span className={styles['problem']} id={`problem-${wanted}`} role="alert">
          {error}
        </span>
      )}
      {browsing && (
        <FileBrowser
          wanted={wanted}
          start={start}
          onPick={(path) => {
            onChange(path)
            setBrowsing(false)
            // The list that had the focus goes.
            field.current?.focus()
          }}
        />
      )}
    </div>
  )
}
