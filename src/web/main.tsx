import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { navigate } from 'wouter/use-browser-location'
import './mantine.css'
import './base.css'
import { ApiError, Api } from './api/api.ts'
import { JobCache } from './api/job-cache.ts'
import { Person } from './api/person.ts'
import { ServerClock } from './api/server-clock.ts'
import { ServicesContext } from './api/services.tsx'
import { KEYS, SessionCache } from './api/session-cache.ts'
import { App } from './app.tsx'
import { colourSchemes } from './settings/colour-schemes.ts'
import { SETTINGS_KEY, SettingsStore } from './settings/settings-store.ts'
import { ErrorBoundary } from './shell/error-boundary.tsx'
import { rememberNext } from './sign-in/remembered-next.ts'
import { SignInNews } from './sign-in/sign-in-news.ts'
import { reasonOf, type SignInReason } from './sign-in/sign-in-reason.ts'
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
const person = new Person({ now: () => Date.now() })
person.watch(window)
const api = new Api({
  fetch: (input, init) => window.fetch(input, { ...init, cache: 'no-store' }),
  clock,
  isPersonHere: () => person.isHere(),
  // Nobody needs to be told of the end of a sign-in that never was.
  onNotSignedIn: () => toSignIn(queries.getQueryData(KEYS.me) === undefined ? null : 'expired'),
})
const settings = new SettingsStore({ storage: () => window.localStorage })
window.addEventListener('storage', ({ key }) => {
  if (key === null || key === SETTINGS_KEY) settings.reload()
})
const news = new SignInNews({
  channel: 'BroadcastChannel' in window ? new BroadcastChannel('atelier') : undefined,
})
news.on('signed-out', () => toSignIn('signed-out-elsewhere'))
const services = {
  api,
  clock,
  cache: new SessionCache({ queries }),
  jobs: new JobCache({ queries }),
  settings,
  news,
}

function toSignIn(reason: SignInReason | null): void {
  const { pathname, search } = window.location
  if (pathname === '/sign-in') {
    // The server may have ended the sign-in before the other tab could say why.
    if (reason === 'signed-out-elsewhere' && reasonHere() === 'expired') show(reason)
    return
  }
  rememberNext(pathname + search)
  queries.clear()
  show(reason)
}

function show(reason: SignInReason | null): void {
  navigate('/sign-in', { replace: true, state: { reason } })
}

function reasonHere(): SignInReason | null {
  const state: unknown = window.history.state
  return typeof state === 'object' && state !== null && 'reason' in state
    ? reasonOf(state.reason)
    : null
}

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      colorSchemeManager={colourSchemes(settings)}
    >
      <QueryClientProvider client={queries}>
        <ServicesContext value={services}>
          <Notifications position="bottom-right" />
          <ErrorBoundary>
            <App />
          </ErrorBoundary>
        </ServicesContext>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
