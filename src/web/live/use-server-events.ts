import { useDocumentVisibility } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import type { IdeStatus } from '../../ides/ide.ts'
import { useServices } from '../api/services.tsx'
import type { Items, SessionUsage, SessionView } from '../api/session-view.ts'
import { doublingPause, ReconnectingSource } from './reconnecting-source.ts'

const LOST_AFTER_MS = 3000
// A browser has six connections to a server on HTTP/1.1, over all tabs: hidden tabs give theirs back.
const HIDDEN_AFTER_MS = 30_000

/** Keeps the caches up to date by the server's events; true while there has been no connection for three seconds. */
export function useServerEvents(): boolean {
  const { api, cache } = useServices()
  const [lost, setLost] = useState(false)
  const listening = useListening()

  useEffect(() => {
    if (!listening) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const waiting = (): void => {
      timer ??= setTimeout(() => setLost(true), LOST_AFTER_MS)
    }
    const source = new ReconnectingSource({
      open: () => new EventSource('/api/v1/events'),
      pause: (n) => doublingPause(n, Math.random()),
      onOpen: () => {
        clearTimeout(timer)
        timer = undefined
        setLost(false)
        void cache.refresh()
      },
      onLost: () => {
        waiting()
        // EventSource hides the status: asking tells whether we are still signed in.
        api.request('GET', '/me').catch(() => undefined)
      },
      events: {
        session: (data) => void cache.apply(data as SessionView),
        removed: (data) => void cache.remove((data as { id: string }).id),
        usage: (data) => cache.usage((data as Items<SessionUsage>).items),
        ides: (data) => cache.ides((data as Items<IdeStatus>).items),
      },
    })
    waiting()
    source.start()
    return () => {
      clearTimeout(timer)
      source.stop()
    }
  }, [api, cache, listening])

  return lost && listening
}

function useListening(): boolean {
  const visible = useDocumentVisibility() === 'visible'
  const [listening, setListening] = useState(true)
  if (visible && !listening) setListening(true)
  useEffect(() => {
    if (visible) return undefined
    const timer = setTimeout(() => setListening(false), HIDDEN_AFTER_MS)
    return () => clearTimeout(timer)
  }, [visible])
  return listening
}
