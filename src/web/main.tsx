import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { navigate } from 'wouter/use-browser-location'
import './mantine.css'
import './base.css'
import { ApiError, Api } from './api/api.ts'
import { ServerClock } from './api/server-clock.ts'
import { ServicesContext } from './api/services.tsx'
import { SessionCache } from './api/session-cache.ts'
import { App } from './app.tsx'
import { rememberNext } from './sign-in/remembered-next.ts'
import { cssVariables, theme } from './theme.ts'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // The server may be on this computer: it can be reached when the browser believes to be offline.
      networkMode: 'always',
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status < 500),
      refetchOnWindowFocus: false,
      staleTime: 1000,
    },
    mutations: { networkMode: 'always' },
  },
})
const clock = new ServerClock({ localNow: () => Date.now() })
const api = new Api({
  fetch: (input, init) => window.fetch(input, { ...init, cache: 'no-store' }),
  clock,
  onNotSignedIn: () => {
    const { pathname, search } = window.location
    if (pathname === '/sign-in') return
    rememberNext(pathname + search)
    queries.clear()
    navigate('/sign-in', { replace: true })
  },
})
const services = { api, clock, cache: new SessionCache({ queries }) }

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <ServicesContext value={services}>
          <Notifications position="bottom-right" />
          <App />
        </ServicesContext>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
