/** What an IDE's redirects are confined to: the session's path, and whether the IDE knows that it is below it. */
export interface LocationScope {
  readonly prefix: string
  readonly keepsPrefix: boolean
  /** The IDE's own address as `host:port`. */
  readonly upstream: string | undefined
}

const ANY_HOST = 'http://host'
const MAY_HOLD_DOTS = /[/\\](?:\.|%2e)|[\t\r\n]/i
const WITH_HOST = /^(?:https?:)?[/\\]{2}/i

/**
 * A Location header (RFC 9110, 10.2.2) as the browser may have it. One that names the IDE's own host, or the browser's
 * host as the IDE was told it, becomes a path; a path of an IDE that does not know its prefix is put below it.
 */
export function confineLocation(
  location: string,
  host: string | undefined,
  scope: LocationScope,
): string {
  if (location.startsWith('/') && !WITH_HOST.test(location)) return withPrefix(location, scope)
  const path = WITH_HOST.test(location) ? pathOnOwnHost(location, host, scope.upstream) : undefined
  return path === undefined ? location : withPrefix(path, scope)
}

/** Path, query and fragment of a URL with one of our hosts; undefined if it leads elsewhere. */
function pathOnOwnHost(
  location: string,
  host: string | undefined,
  upstream: string | undefined,
): string | undefined {
  const base = `http://${host ?? 'localhost'}`
  if (!URL.canParse(location, base)) return undefined
  const url = new URL(location, base)
  const isOurs = [host, upstream].some((own) => own !== undefined && sameHost(url, own))
  return isOurs ? url.pathname + url.search + url.hash : undefined
}

function sameHost(url: URL, host: string): boolean {
  const own = `${url.protocol}//${host}`
  return URL.canParse(own) && new URL(own).host === url.host
}

function withPrefix(path: string, { prefix, keepsPrefix }: LocationScope): string {
  const clean = withoutDots(path)
  if (keepsPrefix || isBelow(clean, prefix)) return clean
  return prefix + clean
}

// Browsers take dots away before they go anywhere, and two slashes in front would be a host name.
function withoutDots(path: string): string {
  const plain = path.replace(/^[/\\]+/, '/')
  if (!MAY_HOLD_DOTS.test(plain) || !URL.canParse(plain, ANY_HOST)) return plain
  const { pathname, search, hash } = new URL(plain, ANY_HOST)
  return pathname.replace(/^\/+/, '/') + search + hash
}

function isBelow(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && /^[/?#]|^$/.test(path.slice(prefix.length))
}
