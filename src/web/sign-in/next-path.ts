/**
 * Where to go after signing in: `wanted` if it is a path of this site, else null.
 * Only paths with a single leading slash; `//host` and its disguises lead elsewhere.
 */
export function nextPath(wanted: string | null, origin: string): string | null {
  if (wanted === null || !wanted.startsWith('/')) return null
  if (!URL.canParse(wanted, origin)) return null
  const url = new URL(wanted, origin)
  if (url.origin !== origin || url.pathname.startsWith('//')) return null
  return url.pathname.startsWith('/sign-in') ? null : url.pathname + url.search + url.hash
}

/** True for pages of this UI; other paths, such as a session's, must be loaded from the server. */
export function isOwnPage(path: string): boolean {
  return /^\/(?:(?:tokens|settings|cluster)?(?:[?#]|$)|sessions\/)/.test(path)
}
