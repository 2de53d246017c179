import type { NoticeJson } from '../../control/notice-json.ts'

/** How many are remembered at most. */
const MOST = 200

/** A notice as it is remembered that somebody put it away: with its version, so that a changed one is seen again. */
export function markOf({ id, version }: Pick<NoticeJson, 'id' | 'version'>): string {
  return `${id}.${version}`
}

/** The notices that are still to be seen; what may not be put away always is. */
export function toBeSeen(
  notices: readonly NoticeJson[],
  putAway: readonly string[],
): readonly NoticeJson[] {
  return notices.filter((notice) => !notice.dismissible || !putAway.includes(markOf(notice)))
}

/** What is remembered after this notice was put away too, the latest last. */
export function withPutAway(putAway: readonly string[], notice: NoticeJson): readonly string[] {
  return [...putAway.filter((mark) => mark !== markOf(notice)), markOf(notice)].slice(-MOST)
}
