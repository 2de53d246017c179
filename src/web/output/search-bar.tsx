import { ActionIcon, Group, Text, TextInput } from '@mantine/core'
import { IconChevronDown, IconChevronUp, IconLetterCase, IconSearch } from '@tabler/icons-react'
import { useState, type KeyboardEvent, type ReactNode, type Ref } from 'react'
import { searchWords } from './output-words.ts'
import styles from './output.module.css'
import type { OutputSearch } from './use-search.ts'

/** Searches the whole output: Enter goes to the next match, with Shift to the one before, Escape ends it. */
export function SearchBar({
  ref,
  output: { search, searching, error, go },
  onSearch,
  onDone,
}: {
  ref: Ref<HTMLInputElement>
  output: OutputSearch
  onSearch: (text: string, matchCase: boolean) => void
  /** Called when the search was ended. */
  onDone: () => void
}): ReactNode {
  const [text, setText] = useState('')
  const [matchCase, setMatchCase] = useState(false)
  const words = error?.message ?? (search === null ? '' : searchWords(search, searching))
  const move = (going: 'next' | 'previous'): void => {
    if (search?.text === text && search.matchCase === matchCase) go(going)
    else onSearch(text, matchCase)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') move(event.shiftKey ? 'previous' : 'next')
    else if (event.key === 'Escape') {
      setText('')
      onSearch('', matchCase)
      onDone()
    } else return
    event.preventDefault()
  }
  return (
    <Group gap={6} className={styles['search']} role="search" aria-label="Output">
      <TextInput
        ref={ref}
        className={styles['field']}
        size="sm"
        type="search"
        aria-label="Search the output"
        placeholder="Search all of the output"
        leftSection={<IconSearch size={16} />}
        value={text}
        onChange={({ currentTarget: { value } }) => {
          setText(value)
          if (value === '') onSearch('', matchCase)
        }}
        onKeyDown={onKeyDown}
      />
      <ActionIcon
        variant={matchCase ? 'filled' : 'default'}
        size="input-sm"
        aria-label="Match case"
        title="Match case"
        aria-pressed={matchCase}
        onClick={() => {
          setMatchCase(!matchCase)
          if (search !== null) onSearch(text, !matchCase)
        }}
      >
        <IconLetterCase size={18} />
      </ActionIcon>
      <ActionIcon
        variant="default"
        size="input-sm"
        aria-label="Previous match"
        title="Previous match (Shift Enter)"
        disabled={text === ''}
        onClick={() => move('previous')}
      >
        <IconChevronUp size={18} />
      </ActionIcon>
      <ActionIcon
        variant="default"
        size="input-sm"
        aria-label="Next match"
        title="Next match (Enter)"
        disabled={text === ''}
        onClick={() => move('next')}
      >
        <IconChevronDown size={18} />
      </ActionIcon>
      <Text
        size="sm"
        role="status"
        className={styles['found']}
        {...(error !== null && { c: 'var(--mantine-color-error)' })}
      >
        {words}
      </Text>
    </Group>
  )
}
