import { useSettings } from './use-settings.ts'

/** Props of a link to a session: in a tab of its own, or in this one, as the user wishes. */
export function useOpenIn(): { target?: '_blank'; rel?: 'noopener' } {
  const [{ openIn }] = useSettings()
  return openIn === 'new-tab' ? { target: '_blank', rel: 'noopener' } : {}
}
