import type { Place } from './scroll-range.ts'

/** What came of laying rows out: the line at the top with how many px of it are above the edge, and whether the end is seen. */
export interface LaidRows {
  readonly line: number
  readonly px: number
  readonly isEnd: boolean
  /** The mean height of those rows. */
  readonly meanPx: number
}

/** The height in px of the row `index` that is drawn; `rowPx` if it is not. */
export function rowHeight(rows: HTMLElement | null, index: number, rowPx: number): number {
  return childAt(rows, index)?.offsetHeight ?? rowPx
}

/** Moves the drawn rows, the lines from `first` to before `end`, so that `place` is what is seen; only the browser knows how high they are. */
export function layRows(
  rows: HTMLElement,
  place: Place,
  {
    first,
    end,
    lines,
    viewPx,
    rowPx,
  }: {
    readonly first: number
    readonly end: number
    readonly lines: number
    readonly viewPx: number
    readonly rowPx: number
  },
): LaidRows {
  const height = rows.offsetHeight
  const atEnd = viewPx - height
  const wanted =
    place.at === 'end' ? atEnd : -(childAt(rows, place.line - first)?.offsetTop ?? 0) - place.px
  // Nothing is seen beyond the last line, nor before the first.
  const low = end === lines ? Math.max(wanted, atEnd) : wanted
  const y = first === 0 ? Math.min(low, 0) : low
  rows.style.transform = `translateY(${y}px)`
  let index = 0
  for (let row = childAt(rows, 0); row !== undefined; row = childAt(rows, index)) {
    if (row.offsetTop + row.offsetHeight + y > 0 || index === end - first - 1) break
    index += 1
  }
  return {
    line: first + index,
    px: -(childAt(rows, index)?.offsetTop ?? 0) - y,
    isEnd: end === lines && height + y <= viewPx + 1,
    meanPx: end > first ? height / (end - first) : rowPx,
  }
}

function childAt(rows: HTMLElement | null, index: number): HTMLElement | undefined {
  const child = rows?.children[index]
  return child instanceof HTMLElement ? child : undefined
}
