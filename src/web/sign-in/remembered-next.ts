import { nextPath } from './next-path.ts'

const KEY = 'atelier-next'

/** Remembers, for this tab, where to go after signing in; anything but a path of this site is ignored. */
export function rememberNext(wanted: string | null): void {
  const next = nextPath(wanted, window.location.origin)
  if (next === null) return
  try {
    window.sessionStorage.setItem(KEY, next)
  } catch {
    // Without storage everybody starts at the home page.
  }
}

/** The remembered path, once: it is forgotten by this call. `/` when there is none. */
export function takeNext(): string {
  try {
    const next = window.sessionStorage.getItem(KEY)
    window.sessionStorage.removeItem(KEY)
    return nextPath(next, window.location.origin) ?? '/'
  } catch {
    return '/'
  }
}
