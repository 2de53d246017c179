import { VisuallyHidden } from '@mantine/core'
import { useEffect, type KeyboardEvent, type ReactNode } from 'react'
import ansi from './ansi.module.css'
import type { LineWindows } from './line-windows.ts'
import { OutputRow, type Marks } from './output-row.tsx'
import styles from './output.module.css'
import { START } from './scroll-range.ts'
import type { LogScroll } from './use-log-scroll.ts'

/** The lines of the output that are in view; everything else is only the height of the scroll bar. */
export function OutputLog({
  windows,
  lines,
  complete,
  scroll,
  wrap,
  marks,
  current,
  onFind,
}: {
  windows: LineWindows
  lines: number
  /** True if no more will come. */
  complete: boolean
  scroll: LogScroll
  wrap: boolean
  marks: Marks | null
  /** The number of the match that somebody went to; null if there is none. */
  current: number | null
  onFind: () => void
}): ReactNode {
  const { scroller, rows, first, end, height, viewPx } = scroll
  const follows = scroll.place.at === 'end'
  useEffect(() => {
    if (follows) windows.want(lines - (end - first), lines)
    else windows.want(first, end)
  }, [windows, follows, first, end, lines])
  useEffect(() => {
    if (current !== null) showMark(scroller.current)
  }, [current, scroller, first])

  const onKeyDown = (event: KeyboardEvent): void => {
    if ((event.ctrlKey || event.metaKey) && event.key === 'f') onFind()
    else if (event.key === 'Home') scroll.go(START)
    else if (event.key === 'End') scroll.go({ at: 'end' })
    else return
    event.preventDefault()
  }

  const numbers = Array.from({ length: end - first }, (_, n) => first + n)
  return (
    <div
      ref={scroller}
      className={`${styles['log']} ${ansi['palette']}`}
      data-wrap={wrap || undefined}
      // No large empty box for a few lines, which are all that will come.
      {...(complete && !wrap && { style: { maxHeight: `calc(${lines + 1} * 1.25rem)` } })}
      role="region"
      aria-label="Output"
      aria-describedby="output-keys"
      tabIndex={0}
      onScroll={scroll.onScroll}
      onKeyDown={onKeyDown}
      onWheel={({ deltaY }) => deltaY < 0 && scroll.place.at === 'end' && scroll.stay()}
    >
      <VisuallyHidden id="output-keys">
        Arrow and page keys scroll, Home and End go to its ends, Control F searches.
      </VisuallyHidden>
      <div className={styles['range']} style={{ height }}>
        <div className={styles['view']} style={{ height: viewPx }}>
          <div ref={rows} className={styles['rows']}>
            {numbers.map((number) => (
              <OutputRow
                key={number}
                number={number}
                line={windows.line(number)}
                digits={String(lines).length}
                marks={marks}
                current={number === current}
              />
            ))}
          </div>
        </div>
      </div>
    </div>
  )
}

// A long line may have its match far to the right.
function showMark(log: HTMLElement | null): void {
  const mark = log?.querySelector('[data-current] mark')
  if (log === null || mark === null || mark === undefined) return
  const [box, view] = [mark.getBoundingClientRect(), log.getBoundingClientRect()]
  if (box.right > view.right) log.scrollLeft += box.right - view.right + view.width / 3
  else if (box.left < view.left) log.scrollLeft += box.left - view.left - view.width / 3
}
