import type { Api } from './api.ts'
import type { Page } from './session-view.ts'

const PAGE = 200

/** Everything that is in the list at `path`, page by page. */
export async function allPages<T>(
  api: Pick<Api, 'request'>,
  path: string,
  signal: AbortSignal,
): Promise<readonly T[]> {
  const items: T[] = []
  for (let next: string | null = ''; next !== null;) {
    const query = new URLSearchParams({ limit: String(PAGE), ...(next !== '' && { cursor: next }) })
    const page: Page<T> = await api.request<Page<T>>('GET', `${path}?${query.toString()}`, {
      signal,
    })
    items.push(...page.items)
    next = page.next
  }
  return items
}
