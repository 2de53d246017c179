/** The highest that an element may be: Firefox draws nothing beyond 17.9 million px. */
export const MAX_SCROLL_PX = 8_000_000

/** Where the output is looked at: at its end, staying there, or with a line at the top, `px` of it above the edge. */
export type Place =
  { readonly at: 'end' } | { readonly at: 'line'; readonly line: number; readonly px: number }

/** What the arithmetic of scrolling knows: heights in px. */
export interface Geometry {
  readonly lines: number
  /** The least height of a line: all have it if none is wrapped. */
  readonly rowPx: number
  /** The height of a line in the mean, as far as is known. */
  readonly meanPx: number
  readonly viewPx: number
  readonly wrap: boolean
}

/** The beginning of the output. */
export const START: Place = { at: 'line', line: 0, px: 0 }

/** The height of what is scrolled. */
export function scrollHeightOf({ lines, meanPx }: Geometry): number {
  return Math.min(lines * meanPx, MAX_SCROLL_PX)
}

/** True if a px of the scroll bar is a px of the output: there is a place for each position, and the other way round. */
export function isExact({ lines, meanPx, wrap }: Geometry): boolean {
  return !wrap && lines * meanPx <= MAX_SCROLL_PX
}

/** Where the scroll bar belongs for this place. */
export function scrollTopOf(place: Place, geometry: Geometry): number {
  const most = mostScrollTop(geometry)
  if (place.at === 'end') return most
  return clamp((place.line * geometry.meanPx + place.px) * scaleOf(geometry), 0, most)
}

/** The place that belongs to this position of the scroll bar. */
export function placeAt(scrollTop: number, geometry: Geometry): Place {
  const most = mostScrollTop(geometry)
  if (scrollTop >= most - 1) return { at: 'end' }
  const line = Math.max(0, scrollTop) / scaleOf(geometry) / geometry.meanPx
  const whole = Math.floor(line)
  return { at: 'line', line: whole, px: (line - whole) * geometry.meanPx }
}

/**
 * The place after the scroll bar has moved to `scrollTop` by `delta`: less than two views are moved as they are, for a
 * person looks at it, and further the scroll bar tells where to. `shown` is what was at the top; `heightOf` a line's.
 */
export function placeAfterScroll(
  shown: Extract<Place, { at: 'line' }>,
  move: { readonly scrollTop: number; readonly delta: number },
  geometry: Geometry,
  heightOf: (line: number) => number,
): Place {
  const { scrollTop, delta } = move
  const near = 2 * geometry.viewPx
  if (isExact(geometry) || Math.abs(delta) > near) return placeAt(scrollTop, geometry)
  const moved = movedBy(shown, delta, geometry.lines, heightOf)
  const { meanPx, lines } = geometry
  if (scrollTop <= 0 && moved.line * meanPx < near) return START
  const isLast = scrollTop >= mostScrollTop(geometry) - 1
  return isLast && (lines - moved.line) * meanPx < near ? { at: 'end' } : moved
}

/** The place so many px further down, or up; never before the first line or after the last. */
export function movedBy(
  from: Extract<Place, { at: 'line' }>,
  delta: number,
  lines: number,
  heightOf: (line: number) => number,
): Extract<Place, { at: 'line' }> {
  let { line } = from
  let px = from.px + delta
  while (px < 0 && line > 0) {
    line -= 1
    px += heightOf(line)
  }
  while (line < lines - 1 && px >= heightOf(line)) {
    px -= heightOf(line)
    line += 1
  }
  return { at: 'line', line, px: Math.max(0, px) }
}

/** The lines to draw for a place: what is seen, a view more above, and some below. */
export function rowsAt(
  place: Place,
  { lines, rowPx, viewPx }: Geometry,
): { readonly first: number; readonly end: number } {
  const view = Math.ceil(viewPx / rowPx) + 1
  const top = place.at === 'end' ? lines - view : place.line
  return { first: clamp(top - view, 0, lines), end: clamp(top + view + 10, 0, lines) }
}

function mostScrollTop(geometry: Geometry): number {
  return Math.max(0, scrollHeightOf(geometry) - geometry.viewPx)
}

// How much the scroll bar moves for a px of the output.
function scaleOf(geometry: Geometry): number {
  const { lines, meanPx, viewPx } = geometry
  const most = lines * meanPx - viewPx
  return most <= 0 ? 1 : mostScrollTop(geometry) / most
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most))
}
