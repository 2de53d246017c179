import { useLocalStorage } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { NoticeJson } from '../../control/notice-json.ts'
import { useServices } from '../api/services.tsx'
import { KEYS } from '../api/session-cache.ts'
import type { Items } from '../api/session-view.ts'
import { toBeSeen, withPutAway } from './put-away.ts'

// Events tell of changes; reading again is for the event that was lost.
const SLOW_MS = 60_000

/** What administrators say that this browser's user has not put away, and how to put a notice away. */
export function useNotices(): readonly [
  notices: readonly NoticeJson[],
  putAway: (notice: NoticeJson) => void,
] {
  const { api } = useServices()
  const { data = [] } = useQuery({
    queryKey: KEYS.notices,
    queryFn: async ({ signal }) =>
      (await api.request<Items<NoticeJson>>('GET', '/notices', { signal })).items,
    refetchInterval: SLOW_MS,
  })
  const [marks, setMarks] = useLocalStorage<readonly string[]>({
    key: 'atelier-notices-put-away',
    defaultValue: [],
    getInitialValueInEffect: false,
    deserialize: (text) => marksOf(text),
  })
  return [toBeSeen(data, marks), (notice) => setMarks((known) => withPutAway(known, notice))]
}

function marksOf(text: string | undefined): readonly string[] {
  try {
    const read: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(read) ? read.filter((each) => typeof each === 'string') : []
  } catch {
    return []
  }
}
