/** Which rows are selected, and from which one a range is counted. */
export interface Selection {
  readonly ids: ReadonlySet<string>
  readonly anchor: string | null
}

/** Nothing selected. */
export const NO_SELECTION: Selection = { ids: new Set(), anchor: null }

/**
 * The selection after a click on the box of row `id`; with `range` all rows from the last click on become what that row
 * becomes. `shown` are the rows in their order.
 */
export function afterClick(
  { ids, anchor }: Selection,
  { id, range, shown }: { id: string; range: boolean; shown: readonly string[] },
): Selection {
  const clicked = shown.indexOf(id)
  if (clicked === -1) return { ids, anchor }
  const start = range && anchor !== null ? shown.indexOf(anchor) : -1
  const from = start === -1 ? clicked : start
  const rows = shown.slice(Math.min(from, clicked), Math.max(from, clicked) + 1)
  const next = new Set(ids)
  if (ids.has(id)) for (const each of rows) next.delete(each)
  else for (const each of rows) next.add(each)
  return { ids: next, anchor: id }
}

/** All shown rows selected; none if all were already. */
export function afterAll({ ids }: Selection, shown: readonly string[]): Selection {
  const all = shown.length > 0 && shown.every((id) => ids.has(id))
  return all ? NO_SELECTION : { ids: new Set(shown), anchor: null }
}

/** The selection without rows that are not shown: nothing out of sight is ever acted on. */
export function onlyShown(selection: Selection, shown: readonly string[]): Selection {
  const ids = shown.filter((id) => selection.ids.has(id))
  if (ids.length === selection.ids.size) return selection
  return { ...selection, ids: new Set(ids) }
}
