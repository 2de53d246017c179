/** What cookies are confined to: the session's path, and whether the IDE knows that it is below it. */
export interface CookieScope {
  readonly prefix: string
  readonly keepsPrefix: boolean
  /** Names of cookies that belong to somebody else below the same path. */
  readonly hiddenCookies?: RegExp | undefined
}

const OURS = /^(?:__host-|__secure-)?atelier/i
const MAY_HOLD_OURS = /atelier/i

/** A Cookie header without our cookies and those whose name is `hidden`, the others untouched; empty if there is none. */
export function withoutCookies(cookie: string, hidden?: RegExp): string {
  if (hidden === undefined && !MAY_HOLD_OURS.test(cookie)) return cookie
  const others = cookie.split(';').filter((pair) => {
    const name = pair.split('=', 1)[0]?.trim() ?? ''
    return !OURS.test(name) && hidden?.test(name) !== true
  })
  return others.join(';').trim()
}

/**
 * The Set-Cookie headers of an IDE as browsers may have them: each only for the session's path and for this host. A
 * cookie with our name or a hidden one is left out, and so is one without a name, as its value would come back looking like a name.
 */
export function confineCookies(cookies: readonly string[], scope: CookieScope): string[] {
  const confined: string[] = []
  for (const cookie of cookies) {
    const [pair = '', ...attributes] = cookie.split(';')
    const equals = pair.indexOf('=')
    const name = pair.slice(0, Math.max(equals, 0)).trim()
    if (name === '' || OURS.test(name) || scope.hiddenCookies?.test(name) === true) continue
    confined.push(confineCookie(pair, attributes, scope))
  }
  return confined
}

function confineCookie(pair: string, attributes: readonly string[], scope: CookieScope): string {
  const parts = [pair]
  let path: string | undefined
  for (const attribute of attributes) {
    const [name = '', value = ''] = attribute.split('=', 2).map((part) => part.trim())
    // Of several the last one counts (RFC 6265, 5.3), and one that is not a path counts as none.
    if (/^path$/i.test(name)) path = value.startsWith('/') ? value : undefined
    else if (!/^domain$/i.test(name)) parts.push(attribute)
  }
  // Without a path the browser takes that of the request, which is in the session.
  if (path !== undefined) parts.push(` Path=${confinePath(path, scope)}`)
  return parts.join(';')
}

function confinePath(path: string, { prefix, keepsPrefix }: CookieScope): string {
  if (path.startsWith(`${prefix}/`)) return path
  return keepsPrefix || path === prefix ? `${prefix}/` : prefix + path
}
