/** What an IDE's redirects are confined to: the session's path, and whether the IDE knows that it is below it. */
export interface LocationScope {
  readonly prefix: string
  readonly keepsPrefix: boolean
  /** The IDE's own addresses as `host:port`. */
  readonly upstream: readonly string[]
}

const REFRESH = /^\s*([\d.]+)[\s;,]+(?:url\s*=\s*)?(.*\S)\s*$/i
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

/**
 * A Refresh header as the browser may have it, confined like a Location: `<seconds>; url=<location>`, where the name may
 * be missing and the location in quotes (HTML, 4.2.5.3).
 */
export function confineRefresh(
  refresh: string,
  host: string | undefined,
  scope: LocationScope,
): string {
  const [, time = '', url] = REFRESH.exec(refresh) ?? []
  if (url === undefined) return refresh
  const [, quote, quoted] = /^(["'])(.*?)(?:\1.*)?$/.exec(url) ?? []
  const location = confineLocation((quoted ?? url).trim(), host, scope)
  return `${time}; url=${quote ?? ''}${location}${quote ?? ''}`
}

/** Path, query and fragment of a URL with one of our hosts; undefined if it leads elsewhere. */
function pathOnOwnHost(
  location: string,
  host: string | undefined,
  upstream: readonly string[],
): string | undefined {
  const base = `http://${host ?? 'localhost'}`
  if (!URL.canParse(location, base)) return undefined
  const url = new URL(location, base)
  const isOurs = [host, ...upstream].some((own) => own !== undefined && sameHost(url, own))
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
