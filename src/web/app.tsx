import { lazy, Suspense, type ReactNode } from 'react'
import { Skeleton } from '@mantine/core'
import { Route, Switch } from 'wouter'
import { ClusterPage } from './nodes/cluster-page.tsx'
import { HomePage } from './home/home-page.tsx'
import { SettingsPage } from './settings/settings-page.tsx'
import { NotFoundPage } from './shell/not-found-page.tsx'
import { Shell } from './shell/shell.tsx'
import { SignInPage } from './sign-in/sign-in-page.tsx'
import { StartPage } from './start/start-page.tsx'
import { TokensPage } from './tokens/tokens-page.tsx'

// It brings what shows output; who only looks at sessions need not load it.
const JobPage = lazy(async () => ({ default: (await import('./job/job-page.tsx')).JobPage }))

// Only administrators load the charts.
const AdminPage = lazy(async () => ({
  default: (await import('./admin/admin-page.tsx')).AdminPage,
}))
const AdminNoticesPage = lazy(async () => ({
  default: (await import('./admin/notices-page.tsx')).AdminNoticesPage,
}))
const AdminHistoryPage = lazy(async () => ({
  default: (await import('./history/history-page.tsx')).AdminHistoryPage,
}))
const HistoryPage = lazy(async () => ({
  default: (await import('./history/history-page.tsx')).HistoryPage,
}))

/** The pages and their addresses. */
export function App(): ReactNode {
  return (
    <Switch>
      <Route path="/sign-in">
        <SignInPage />
      </Route>
      <Route>
        <Shell>
          <Switch>
            <Route path="/">
              <HomePage section="sessions" />
            </Route>
            <Route path="/jobs">
              <HomePage section="jobs" />
            </Route>
            <Route path="/schedules">
              <HomePage section="schedules" />
            </Route>
            <Route path="/tokens">
              <TokensPage />
            </Route>
            <Route path="/admin">
              <Later page={<AdminPage />} />
            </Route>
            <Route path="/admin/history">
              <Later page={<AdminHistoryPage />} />
            </Route>
            <Route path="/admin/notices">
              <Later page={<AdminNoticesPage />} />
            </Route>
            <Route path="/history">
              <Later page={<HistoryPage />} />
            </Route>
            <Route path="/cluster">
              <ClusterPage />
            </Route>
            <Route path="/settings">
              <SettingsPage />
            </Route>
            <Route path="/sessions/:id">{({ id }) => <StartPage key={id} id={id} />}</Route>
            <Route path="/jobs/:id">
              {({ id }) => (
                <Suspense fallback={<Skeleton height={320} radius="md" />}>
                  <JobPage key={id} id={id} />
                </Suspense>
              )}
            </Route>
            <Route>
              <NotFoundPage />
            </Route>
          </Switch>
        </Shell>
      </Route>
    </Switch>
  )
}

function Later({ page }: { page: ReactNode }): ReactNode {
  return <Suspense fallback={<Skeleton height={240} radius="md" aria-hidden />}>{page}</Suspense>
}
