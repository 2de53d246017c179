import { useDocumentVisibility } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { KEYS } from '../api/session-cache.ts'
import type { Items } from '../api/session-view.ts'
import { doublingPause, ReconnectingSource } from '../live/reconnecting-source.ts'
import type { NodeView } from './node-view.ts'

/** Keeps the nodes up to date while the page is seen; answers why the server cannot read them now, else null. */
export function useNodeEvents(): Error | null {
  const queries = useQueryClient()
  const [problem, setProblem] = useState<Error | null>(null)
  const visible = useDocumentVisibility() === 'visible'
  useEffect(() => {
    if (!visible) return undefined
    const source = new ReconnectingSource({
      open: () => new EventSource('/api/v1/nodes/events'),
      pause: (n) => doublingPause(n, Math.random()),
      onOpen: () => undefined,
      onLost: () => undefined,
      events: {
        nodes: (data) => {
          setProblem(null)
          queries.setQueryData(KEYS.nodes, (data as Items<NodeView>).items)
        },
        problem: (data) => {
          const { error } = data as { error: { message: string } }
          setProblem(new Error(error.message))
        },
      },
    })
    source.start()
    return () => source.stop()
  }, [queries, visible])
  return problem
}
