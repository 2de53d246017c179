import { useDebouncedCallback } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { filterQuery, parseFilter, type SessionFilter } from './session-filter.ts'

// Browsers refuse to change the address more often than a hundred times in half a minute.
const WRITE_AFTER_MS = 300

/** The filter of the address bar, and how to change it; the address follows a moment later, without a step back. */
export function useSessionFilter(): [SessionFilter, (changes: Partial<SessionFilter>) => void] {
  const query = useSearch()
  const [, navigate] = useLocation()
  const [{ filter, seen }, setState] = useState(() => ({ filter: parseFilter(query), seen: query }))
  const write = useDebouncedCallback(
    (wanted: string) => navigate(wanted === '' ? '/' : `/?${wanted}`, { replace: true }),
    WRITE_AFTER_MS,
  )
  useEffect(() => () => write.cancel(), [write])

  // By Back, or a link. Our own writing comes back too, perhaps after the next key.
  if (query !== seen) {
    const ours = query === filterQuery(filter) || write.isPending()
    setState({ filter: ours ? filter : parseFilter(query), seen: query })
  }
  return [
    filter,
    (changes) => {
      const changed = { ...filter, ...changes }
      setState({ filter: changed, seen })
      write(filterQuery(changed))
    },
  ]
}
