import { useDebouncedCallback } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { useLocation, useSearch } from 'wouter'

// Browsers refuse to change the address more often than a hundred times in half a minute.
const WRITE_AFTER_MS = 300

/** A filter that can be written as the query of an address, and read again. */
export interface AddressFilter<F> {
  /** The path of the page. */
  readonly path: string
  readonly parse: (query: string) => F
  /** Without a question mark; empty for the filter that hides nothing. */
  readonly write: (filter: F) => string
}

/** The filter of the address bar, and how to change it; the address follows a moment later, without a step back. */
export function useAddressFilter<F extends object>({
  path,
  parse,
  write: queryOf,
}: AddressFilter<F>): [F, (changes: Partial<F>) => void] {
  const query = useSearch()
  const [, navigate] = useLocation()
  const [{ filter, seen }, setState] = useState(() => ({ filter: parse(query), seen: query }))
  const write = useDebouncedCallback(
    (wanted: string) => navigate(wanted === '' ? path : `${path}?${wanted}`, { replace: true }),
    WRITE_AFTER_MS,
  )
  useEffect(() => () => write.cancel(), [write])

  // By Back, or a link. Our own writing comes back too, perhaps after the next key.
  if (query !== seen) {
    const ours = query === queryOf(filter) || write.isPending()
    setState({ filter: ours ? filter : parse(query), seen: query })
  }
  return [
    filter,
    (changes) => {
      const changed = { ...filter, ...changes }
      setState({ filter: changed, seen })
      write(queryOf(changed))
    },
  ]
}
