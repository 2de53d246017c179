import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import { layRows, rowHeight, type LaidRows } from './lay-rows.ts'
import {
  isExact,
  placeAfterScroll,
  rowsAt,
  scrollHeightOf,
  scrollTopOf,
  type Geometry,
  type Place,
} from './scroll-range.ts'

const IDLE_MS = 200
const ROW_PX = 20

/** How a log is scrolled; `first` and `end` say which lines are to be drawn, `height` how high what is scrolled is. */
export interface LogScroll {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly rows: RefObject<HTMLDivElement | null>
  readonly place: Place
  readonly first: number
  readonly end: number
  readonly height: number
  readonly viewPx: number
  /** The line that is at the top now. */
  readonly topLine: () => number
  readonly go: (place: Place) => void
  /** Stays where it is although the output grows. */
  readonly stay: () => void
  readonly onScroll: () => void
}

/** Scrolls through so many lines: only those in view are drawn, and the scroll bar is scaled where they are too many. */
export function useLogScroll({
  total,
  readEnd,
  wrap,
  initial,
}: {
  total: number
  /** How many lines to show at the end: those that were read, so that who follows it never sees gaps. */
  readEnd: number
  wrap: boolean
  initial: Place
}): LogScroll {
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useRef<HTMLDivElement>(null)
  const [place, setPlace] = useState(initial)
  const lines = place.at === 'end' ? readEnd : total
  const [sizes, setSizes] = useState({ viewPx: 0, rowPx: ROW_PX })
  const [meanPx, setMeanPx] = useState(ROW_PX)
  const geometry: Geometry = { lines, wrap, ...sizes, meanPx: wrap ? meanPx : sizes.rowPx }
  const { first, end } = rowsAt(place, geometry)
  const height = Math.max(scrollHeightOf(geometry), sizes.viewPx)

  const latest = useRef({ geometry, first, place })
  const laid = useRef<LaidRows>({ line: 0, px: 0, isEnd: true, meanPx: ROW_PX })
  const scrollTop = useRef(0)
  const moving = useRef(false)
  const sent = useRef(false)
  const idle = useRef<ReturnType<typeof setTimeout>>(undefined)

  const align = useCallback((): void => {
    const element = scroller.current
    if (element === null) return
    element.scrollTop = scrollTopOf(
      shownPlace(latest.current.place, laid.current),
      latest.current.geometry,
    )
    // As the browser has rounded it: its own event then is no movement.
    scrollTop.current = element.scrollTop
  }, [])

  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return undefined
    const measure = (): void => {
      const rowPx = Number.parseFloat(getComputedStyle(element).lineHeight) || ROW_PX
      setSizes((known) => {
        const viewPx = element.clientHeight
        return known.viewPx === viewPx && known.rowPx === rowPx ? known : { viewPx, rowPx }
      })
    }
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    measure()
    return () => {
      observer.disconnect()
      clearTimeout(idle.current)
    }
  }, [])

  useLayoutEffect(() => {
    latest.current = { geometry, first, place }
    if (rows.current === null || geometry.viewPx === 0) return
    laid.current = layRows(rows.current, place, { first, end, ...geometry })
    const mean = laid.current.meanPx
    // Exact where everything is drawn; else a guess, which is not changed often, for the scroll bar moves by it.
    const isFar = first === 0 && end === lines ? 0.01 : meanPx / 5
    if (wrap && Math.abs(mean - meanPx) > isFar) setMeanPx(mean)
    // Who was sent to a line near the end is to see that line, not to follow the end.
    if (laid.current.isEnd && place.at !== 'end' && !sent.current) setPlace({ at: 'end' })
    if (!moving.current || place.at === 'end' || isExact(geometry)) align()
  })

  const onScroll = useCallback((): void => {
    const element = scroller.current
    if (element === null) return
    const delta = element.scrollTop - scrollTop.current
    scrollTop.current = element.scrollTop
    if (delta === 0) return
    moving.current = true
    sent.current = false
    clearTimeout(idle.current)
    idle.current = setTimeout(() => {
      moving.current = false
      align()
    }, IDLE_MS)
    const known = latest.current
    const from = { at: 'line', line: laid.current.line, px: laid.current.px } as const
    const move = { scrollTop: element.scrollTop, delta }
    setPlace(
      placeAfterScroll(from, move, known.geometry, (line) =>
        rowHeight(rows.current, line - known.first, known.geometry.rowPx),
      ),
    )
  }, [align])

  const go = useCallback((to: Place): void => {
    moving.current = false
    sent.current = to.at === 'line' && to.line > 0
    clearTimeout(idle.current)
    setPlace(to)
  }, [])
  const stay = useCallback((): void => {
    setPlace({ at: 'line', line: laid.current.line, px: laid.current.px })
  }, [])
  const topLine = useCallback((): number => laid.current.line, [])
  const { viewPx } = sizes
  return { scroller, rows, place, first, end, height, viewPx, topLine, go, stay, onScroll }
}

function shownPlace(place: Place, { line, px }: LaidRows): Place {
  return place.at === 'end' ? place : { at: 'line', line, px }
}
