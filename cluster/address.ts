import { isIP } from 'node:net'

/** An IP address and a port. */
export interface Address {
  readonly ip: string
  readonly port: number
}

/** The address in `10.0.0.1:7946` or `[fd00::1]:7946`, or undefined if it is not written just as formatAddress would. */
export function parseAddress(text: string): Address | undefined {
  const [, v6, v4, digits] =
    /^(?:\[([0-9a-f:.]{2,45})\]|([0-9.]{7,15})):([0-9]{1,5})$/.exec(text) ?? []
  const ip = v6 ?? v4
  const port = Number(digits)
  if (ip === undefined || port < 1 || port > 65_535) return undefined
  if (isIP(ip) !== (v6 === undefined ? 4 : 6)) return undefined
  const address = { ip, port }
  return formatAddress(address) === text ? address : undefined
}

/** Writes an address the one way it is compared: IPv6 short and in brackets, IPv4 within IPv6 as IPv4. */
export function formatAddress({ ip, port }: Address): string {
  if (isIP(ip) !== 6) return `${ip}:${port}`
  const bare = ip.replace(/%.*$/, '')
  const [, mapped] = /^::ffff:([0-9.]+)$/i.exec(bare) ?? []
  if (mapped !== undefined) return `${mapped}:${port}`
  return `${new URL(`http://[${bare}]`).hostname}:${port}`
}

/** Host and port of `host:port`, where the host may be a name; undefined if it is no such text. */
export function splitHostPort(text: string): { host: string; port: number } | undefined {
  const [, v6, name, digits] = /^(?:\[([^\]]+)\]|([^:[\]\s/]+)):([0-9]{1,5})$/.exec(text) ?? []
  const host = v6 ?? name
  const port = Number(digits)
  if (host === undefined || port < 1 || port > 65_535) return undefined
  return { host, port }
}

/** True for the addresses that mean "all of this server's", at which nobody can be reached. */
export function isWildcard(ip: string): boolean {
  return ip === '0.0.0.0' || ip === '::'
}
