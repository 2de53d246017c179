import { createContext, use } from 'react'
import type { SettingsStore } from '../settings/settings-store.ts'
import type { SignInNews } from '../sign-in/sign-in-news.ts'
import type { Api } from './api.ts'
import type { JobCache } from './job-cache.ts'
import type { ServerClock } from './server-clock.ts'
import type { SessionCache } from './session-cache.ts'

/** What every component may use; built once, in main.tsx. */
export interface Services {
  readonly api: Api
  readonly clock: ServerClock
  readonly cache: SessionCache
  readonly jobs: JobCache
  readonly settings: SettingsStore
  readonly news: SignInNews
}

/** Hands the services down to the components. */
export const ServicesContext = createContext<Services | null>(null)

/** The services; throws outside of their context. */
export function useServices(): Services {
  const services = use(ServicesContext)
  if (services === null) throw new Error('ServicesContext is missing')
  return services
}
