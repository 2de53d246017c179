import type { IdeStatus } from '../../ides/ide.ts'
import type { IdeName } from '../../sessions/session.ts'

/** Of all IDEs those that somebody may start who is allowed these; null is all. */
export function allowedIdes(
  ides: readonly IdeStatus[],
  allowed: readonly IdeName[] | null,
): readonly IdeStatus[] {
  return ides.filter(({ name }) => allowed?.includes(name) !== false)
}
