import { useSyncExternalStore } from 'react'
import { useServices } from '../api/services.tsx'
import type { Settings } from './settings.ts'

/** The settings, and how to change some of them. */
export function useSettings(): [Settings, (changes: Partial<Settings>) => void] {
  const { settings } = useServices()
  const current = useSyncExternalStore(settings.subscribe, settings.current)
  return [current, (changes) => settings.change(changes)]
}
