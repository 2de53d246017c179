import { VisuallyHidden } from '@mantine/core'
import { IconFile, IconFolder } from '@tabler/icons-react'
import { useEffect, useRef, type ReactNode } from 'react'
import { formatBytes } from '../format/format-usage.ts'
import { KIND_LOOKS } from '../jobs/job-kinds.ts'
import type { FileEntry } from './file-view.ts'
import styles from './files.module.css'
import { kindOfFile } from './runnable.ts'

/** The entries of a folder as options of the field above them, which keeps the focus. */
export function FileOptions({
  id,
  entries,
  current,
  onTake,
  onActive,
}: {
  id: string
  entries: readonly FileEntry[]
  /** The place of the entry that Enter would take. */
  current: number
  onTake: (entry: FileEntry) => void
  onActive: (place: number) => void
}): ReactNode {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [current])
  return (
    <div
      ref={list}
      id={`${id}-list`}
      role="listbox"
      aria-label="Entries"
      className={styles['list']}
      // A click must not take the focus from the field.
      onMouseDown={(event) => event.preventDefault()}
    >
      {entries.map((entry, place) => (
        <div
          key={entry.name}
          id={`${id}-${place}`}
          role="option"
          tabIndex={-1}
          aria-selected={place === current}
          aria-disabled={entry.kind === 'other'}
          className={styles['entry']}
          onClick={() => {
            onActive(place)
            onTake(entry)
          }}
        >
          <EntryIcon entry={entry} />
          <span className={styles['entryName']}>
            {entry.name}
            {entry.kind === 'directory' && <VisuallyHidden>, folder</VisuallyHidden>}
          </span>
          {entry.kind === 'file' && entry.size !== null && (
            <span className={styles['about']}>{formatBytes(entry.size)}</span>
          )}
          {entry.modifiedAt !== null && (
            <time className={styles['about']} dateTime={entry.modifiedAt}>
              {new Date(entry.modifiedAt).toLocaleDateString(undefined, { dateStyle: 'medium' })}
            </time>
          )}
        </div>
      ))}
    </div>
  )
}

function EntryIcon({ entry: { kind, name } }: { entry: FileEntry }): ReactNode {
  if (kind === 'directory') return <IconFolder size={18} aria-hidden />
  const runnable = kindOfFile(name)
  const Picture = runnable === null ? IconFile : KIND_LOOKS[runnable].icon
  return <Picture size={18} aria-hidden />
}
