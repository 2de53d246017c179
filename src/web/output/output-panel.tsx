import { Alert, Button } from '@mantine/core'
import { IconAlertTriangle, IconArrowDown } from '@tabler/icons-react'
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react'
import { useShortcuts } from '../keyboard/use-shortcuts.ts'
import { Announcement } from '../shell/page.tsx'
import { OutputLog } from './output-log.tsx'
import { OutputTools } from './output-tools.tsx'
import { toEndWords } from './output-words.ts'
import styles from './output.module.css'
import { START, type Place } from './scroll-range.ts'
import { SearchBar } from './search-bar.tsx'
import { currentLine } from './search-state.ts'
import type { JobOutput } from './use-job-output.ts'
import { useLogScroll } from './use-log-scroll.ts'
import { useSearch } from './use-search.ts'

// About as many lines as a view has.
const VIEW_ROWS = 50

/** The output of a job that has printed something, to be read, followed and searched. */
export function OutputPanel({
  jobId,
  output,
  startAtEnd,
}: {
  jobId: string
  output: JobOutput
  /** True to show its end first, else its beginning. */
  startAtEnd: boolean
}): ReactNode {
  const { windows, state, lost } = output
  const size = state.size ?? { lines: 0, bytes: 0, complete: false }
  const [wrap, setWrap] = useState(false)
  const scroll = useLogScroll({
    total: size.lines,
    readEnd: windows.readEnd(VIEW_ROWS),
    wrap,
    initial: startAtEnd ? { at: 'end' } : START,
  })
  const { place, go, topLine } = scroll
  const search = useSearch(jobId, size.lines)
  const field = useRef<HTMLInputElement>(null)
  const find = (): void => field.current?.select()
  useShortcuts({ '/': find })

  const current = search.search === null ? null : currentLine(search.search)
  const toLine = useCallback((line: number): void => go(nearTop(line)), [go])
  useEffect(() => {
    if (current !== null) toLine(current)
  }, [current, toLine])

  const fresh = useFresh(size.lines, place)
  const marks = search.search
  const problem = problemOf(output)
  return (
    <div className={styles['panel']}>
      <div className={styles['bar']}>
        <SearchBar
          ref={field}
          output={search}
          onSearch={(text, matchCase) => search.begin(text, matchCase, topLine())}
          onDone={() => scroll.scroller.current?.focus()}
        />
        <OutputTools
          jobId={jobId}
          size={size}
          wrap={wrap}
          onWrap={setWrap}
          following={place.at === 'end'}
          onFollow={(follow) => (follow ? go({ at: 'end' }) : scroll.stay())}
          onLine={(line) => {
            toLine(line)
            scroll.scroller.current?.focus()
          }}
        />
      </div>
      {problem !== null && (
        <Alert
          p="xs"
          color="var(--atelier-warn)"
          icon={<IconAlertTriangle />}
          classNames={{ root: styles['problem'] ?? '' }}
        >
          {problem}
        </Alert>
      )}
      <div className={styles['frame']}>
        <OutputLog
          windows={windows}
          lines={size.lines}
          complete={size.complete}
          scroll={scroll}
          wrap={wrap}
          marks={marks}
          current={current}
          onFind={find}
        />
        {place.at !== 'end' && (
          <Button
            className={styles['toEnd']}
            size="compact-md"
            fz="sm"
            leftSection={<IconArrowDown size={16} />}
            onClick={() => go({ at: 'end' })}
          >
            {toEndWords(fresh)}
          </Button>
        )}
      </div>
      <Announcement text={lost ? 'The output is interrupted.' : ''} />
    </div>
  )
}

// With some lines before it, which say what led there.
function nearTop(line: number): Place {
  return { at: 'line', line: Math.max(0, line - 5), px: 0 }
}

// The lines that came since the end was left.
function useFresh(lines: number, place: Place): number {
  const [seen, setSeen] = useState(lines)
  if (place.at === 'end' && seen !== lines) setSeen(lines)
  return lines - seen
}

function problemOf({ state, lost }: JobOutput): string | null {
  if (state.error !== null) {
    return `These lines cannot be read at the moment: ${state.error.message} It is tried again by itself.`
  }
  if (!lost) return null
  return 'The connection to the output is interrupted. It goes on by itself, and nothing of it is lost.'
}
