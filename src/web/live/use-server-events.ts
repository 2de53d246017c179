import { useDocumentVisibility } from '@mantine/hooks'
import { useCallback, useEffect, useState } from 'react'
import type { NoticeJson } from '../../control/notice-json.ts'
import type { IdeStatus } from '../../ides/ide.ts'
import { isEnded } from '../api/job-state.ts'
import type { JobView } from '../api/job-view.ts'
import { useServices } from '../api/services.tsx'
import type { Items, SessionUsage, SessionView } from '../api/session-view.ts'
import { useSettings } from '../settings/use-settings.ts'
import { notifyByBrowser } from './browser-notifications.ts'
import { doublingPause, ReconnectingSource } from './reconnecting-source.ts'
import { jobNewsOf } from './job-news.ts'
import { newsOf } from './session-news.ts'
import { tellJobNews } from './tell-job-news.tsx'

const LOST_AFTER_MS = 3000
// A browser has six connections to a server on HTTP/1.1, over all tabs: hidden tabs give theirs back.
const HIDDEN_AFTER_MS = 30_000

/** Keeps the caches up to date by the server's events; `lost` while there has been no connection for three seconds. */
export function useServerEvents(): { readonly lost: boolean; readonly retry: () => void } {
  const { api, cache, clock, jobs, settings } = useServices()
  const [lost, setLost] = useState(false)
  const [attempt, setAttempt] = useState(0)
  const listening = useListening()
  const retry = useCallback(() => setAttempt((n) => n + 1), [])

  useEffect(() => {
    if (!listening) return undefined
    const told = new Map<string, JobView>()
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
        void jobs.refresh()
      },
      onLost: () => {
        waiting()
        // EventSource hides the status: asking tells whether we are still signed in.
        api.request('GET', '/me').catch(() => undefined)
      },
      events: {
        session: (data) => {
          const session = data as SessionView
          const news = newsOf(cache.known(session.id), session)
          void cache.apply(session)
          if (news !== null && settings.current().notify && document.hidden) {
            notifyByBrowser({ ...news, tag: session.id })
          }
        },
        job: (data) => {
          const job = data as JobView
          const news = jobNewsOf(told.get(job.id) ?? living(jobs.known(job.id)), job, clock.now())
          told.set(job.id, job)
          void jobs.apply(job)
          if (news !== null) tellJobNews(job.id, news, settings.current().notify)
        },
        removed: (data) => void cache.remove((data as { id: string }).id),
        usage: (data) => cache.usage((data as Items<SessionUsage>).items),
        notices: (data) => cache.notices((data as Items<NoticeJson>).items),
        ides: (data) => cache.ides((data as Items<IdeStatus>).items),
      },
    })
    waiting()
    source.start()
    return () => {
      clearTimeout(timer)
      source.stop()
    }
  }, [api, cache, clock, jobs, settings, listening, attempt])

  return { lost: lost && listening, retry }
}

// A list that was read again may know of an end before its event comes, which nobody has been told of then.
function living(job: JobView | undefined): JobView | undefined {
  return job === undefined || isEnded(job.state) ? undefined : job
}

function useListening(): boolean {
  const [{ notify }] = useSettings()
  // Who wants to be told of what happens meanwhile keeps the connection.
  const visible = useDocumentVisibility() === 'visible' || notify
  const [listening, setListening] = useState(true)
  if (visible && !listening) setListening(true)
  useEffect(() => {
    if (visible) return undefined
    const timer = setTimeout(() => setListening(false), HIDDEN_AFTER_MS)
    return () => clearTimeout(timer)
  }, [visible])
  return listening
}
