import { isIP } from 'node:net'

/** What is known of this server's addresses when it says where other nodes reach it. */
export interface OwnAddresses {
  /** `node.url`, if it is configured. */
  readonly configured: string | undefined
  /** `server.host`. */
  readonly host: string
  /** Where other nodes are answered: `server.port`, or `peer.port` by TLS. */
  readonly port: number
  readonly scheme: 'http' | 'https'
  readonly hostname: string
  /** The IP addresses of this server's interfaces, without loopback. */
  readonly interfaces: readonly string[]
  /** What this server and each peer that was asked find under the host's name; an empty list for nothing. */
  readonly resolved: readonly (readonly string[])[]
  /** The address that connections to the database come from, if it is known. */
  readonly toDatabase: string | undefined
}

/** Where the other nodes reach this one, and why there. */
export interface OwnUrl {
  readonly url: string
  readonly why: 'node.url' | 'server.host' | "the host's name" | 'the way to the database'
}

const WILDCARDS = ['0.0.0.0', '::']

/**
 * Decides where the other nodes reach this one: as configured, else the one address that it listens at, else the host's name
 * if everybody finds this server under it, else the address that reaches the database. Throws an Error that tells what to
 * configure, rather than name an address that leads nowhere.
 */
export function ownUrl(known: OwnAddresses): OwnUrl {
  const { configured, host, port, scheme, hostname, interfaces, resolved, toDatabase } = known
  if (configured !== undefined) return { url: configured, why: 'node.url' }
  if (isLoopback(host)) {
    throw new Error(
      `server.host is ${host}, where the other nodes cannot reach this one. Set server.host to "0.0.0.0" or to an address of this server, or tell node.url.`,
    )
  }
  if (!WILDCARDS.includes(host)) return { url: urlOf(scheme, host, port), why: 'server.host' }
  const isOwn = (address: string) => interfaces.includes(address)
  const isFound =
    resolved.length > 0 && resolved.every((found) => found.length > 0 && found.every(isOwn))
  if (isFound) return { url: urlOf(scheme, hostname, port), why: "the host's name" }
  if (toDatabase !== undefined && isOwn(toDatabase)) {
    return { url: urlOf(scheme, toDatabase, port), why: 'the way to the database' }
  }
  throw new Error(
    `The other nodes cannot find this one: they do not resolve its name ${hostname} to an address of it, and its way to the database does not tell one either. Set node.url, for example to "${scheme}://${hostname}.example.com:${port}".`,
  )
}

/** The URL with this port, for a server that has learnt its port only by listening. */
export function withPort(url: string, port: number): string {
  const parsed = new URL(url)
  if (parsed.port !== '0') return url
  parsed.port = String(port)
  return parsed.origin
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

function urlOf(scheme: string, host: string, port: number): string {
  return `${scheme}://${isIP(host) === 6 ? `[${host}]` : host}:${port}`
}
