import { Button, Checkbox, Group, Loader, Text, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useId, useState, type KeyboardEvent, type ReactNode } from 'react'
import { ApiError } from '../api/api.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { Crumbs } from './crumbs.tsx'
import { FileOptions } from './file-options.tsx'
import type { FileEntry } from './file-view.ts'
import styles from './files.module.css'
import { rememberedFolder, rememberFolder } from './remembered-folder.ts'
import { pathOf, shownEntries, type Wanted } from './shown-entries.ts'
import { useFolder } from './use-folder.ts'

/**
 * The user's folders, to find a file or a folder in. All goes from one field: typing filters, the arrows lead through the
 * entries, Enter takes one or goes into it, and Backspace in the empty field leads to the folder above.
 */
export function FileBrowser({
  wanted,
  start,
  onPick,
}: {
  wanted: Wanted
  /** Where to begin; null for the folder that a file was taken from last. */
  start: string | null
  onPick: (path: string) => void
}): ReactNode {
  const id = useId()
  const [place, setPlace] = useState(() => ({ path: start ?? rememberedFolder(), isChosen: false }))
  const [text, setText] = useState('')
  const [all, setAll] = useState(false)
  const [active, setActive] = useState(0)
  const folder = useFolder(place.path)
  const { data, error } = folder
  // A folder that is remembered may be gone.
  const isGone = error instanceof ApiError && error.status >= 400 && error.status < 500
  if (isGone && !place.isChosen && place.path !== null) setPlace({ path: null, isChosen: true })
  const { entries, hidden } = shownEntries(data?.entries ?? [], { wanted, all, text })
  const current = Math.min(active, entries.length - 1)

  const go = (path: string | null): void => {
    setPlace({ path, isChosen: true })
    setText('')
    setActive(0)
  }
  const take = ({ kind, name }: FileEntry): void => {
    if (data === undefined || kind === 'other') return
    const path = pathOf(data.path, name)
    if (kind === 'directory') return go(path)
    rememberFolder(data.path)
    onPick(path)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const chosen = entries[current]
    switch (event.key) {
      case 'ArrowDown':
        setActive(Math.min(current + 1, entries.length - 1))
        break
      case 'ArrowUp':
        setActive(Math.max(current - 1, 0))
        break
      case 'PageDown':
        setActive(Math.min(current + PAGE, entries.length - 1))
        break
      case 'PageUp':
        setActive(Math.max(current - PAGE, 0))
        break
      case 'Enter':
        if (chosen !== undefined) take(chosen)
        break
      case 'Backspace':
        if (text !== '' || data?.parent == null) return
        go(data.parent)
        break
      default:
        return
    }
    event.preventDefault()
  }

  return (
    <div className={styles['browser']} role="group" aria-label={TITLES[wanted]}>
      <Crumbs path={data?.path ?? place.path} onGo={go} onHome={() => go(null)} />
      <Group gap="sm" wrap="wrap">
        <TextInput
          className={styles['filter']}
          role="combobox"
          aria-label="Filter this folder"
          aria-expanded={error === null}
          {...(error === null && { 'aria-controls': `${id}-list` })}
          aria-autocomplete="list"
          aria-describedby={`${id}-keys`}
          {...(entries.length > 0 && { 'aria-activedescendant': `${id}-${current}` })}
          placeholder="Type to filter"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={text}
          maxLength={255}
          spellCheck={false}
          autoComplete="off"
          data-autofocus
          onChange={(event) => {
            setText(event.currentTarget.value)
            setActive(0)
          }}
          onKeyDown={onKeyDown}
        />
        <Checkbox
          label={wanted === 'script' ? 'Show all files' : 'Show hidden folders'}
          checked={all}
          onChange={(event) => setAll(event.currentTarget.checked)}
        />
      </Group>
      {error !== null && (
        <LoadProblem
          title="This folder cannot be shown"
          error={error}
          onRetry={() => folder.refetch()}
        />
      )}
      {error === null && (
        <FileOptions
          id={id}
          entries={entries}
          current={current}
          onTake={take}
          onActive={setActive}
        />
      )}
      <Group justify="space-between" gap="xs">
        <Text size="xs" c="dimmed" role="status">
          {data === undefined && error === null && (
            <Group component="span" gap="xs">
              <Loader size="xs" aria-hidden /> Looking into the folder…
            </Group>
          )}
          {data !== undefined && statusOf({ entries, hidden, text, wanted, more: data.more })}
        </Text>
        {wanted === 'folder' && data !== undefined && (
          <Button size="compact-md" fz="sm" variant="light" onClick={() => onPick(data.path)}>
            Use this folder
          </Button>
        )}
      </Group>
      <Text size="xs" c="dimmed" id={`${id}-keys`} className={styles['keys']}>
        Keys: arrows to move, Enter to open, Backspace for the folder above.
      </Text>
    </div>
  )
}

const PAGE = 10
const TITLES: Readonly<Record<Wanted, string>> = { script: 'Your files', folder: 'Your folders' }

function statusOf({
  entries,
  hidden,
  text,
  wanted,
  more,
}: {
  entries: readonly FileEntry[]
  hidden: number
  text: string
  wanted: Wanted
  more: boolean
}): string {
  const what = wanted === 'script' ? 'scripts, notebooks or folders' : 'folders'
  const found =
    entries.length > 0
      ? `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}`
      : text === ''
        ? `No ${what} here`
        : 'Nothing here matches'
  const others =
    hidden > 0 && wanted === 'script'
      ? `, ${hidden === 1 ? '1 other is' : `${hidden} others are`} not shown`
      : ''
  const rest = more
    ? ' This folder holds more than is listed; type the path of the file instead.'
    : ''
  return `${found}${others}.${rest}`
}
