import { isIP } from 'node:net'
import { AtelierError } from '../errors.ts'
import { isPublicAddress } from './public-address.ts'

const LONGEST = 2000

/**
 * What is wrong with the URL of a webhook, as a sentence; undefined if nothing is. `hosts` are those, with or without a port, that
 * the administrator has listed: only they may have addresses that are not public, and plain http. What a name leads to is
 * looked at again whenever it is used.
 */
export function webhookProblem(text: string, hosts: readonly string[]): string | undefined {
  if (text.length > LONGEST) return `is longer than ${LONGEST} characters`
  if (!URL.canParse(text)) return 'must be a URL, such as https://hooks.example.org/atelier'
  const url = new URL(text)
  const { protocol, username, password, hash } = url
  if (protocol !== 'https:' && protocol !== 'http:') return 'must begin with https://'
  if (username !== '' || password !== '') {
    return 'must not hold a user name or password; the request is signed instead'
  }
  if (hash !== '') return 'must not hold a fragment (#)'
  if (isListed(url, hosts)) return undefined
  if (protocol === 'http:') {
    return 'must begin with https://, unless its host is listed in jobs.webhook_hosts'
  }
  const address = plainHost(url)
  const isPlace = isIP(address) !== 0
  if (isPlace && !isPublicAddress(address)) return NOT_PUBLIC
  const isName = isPlace || (address.includes('.') && !/(^|\.)localhost\.?$/.test(address))
  return isName ? undefined : NOT_PUBLIC
}

/** Throws BAD_REQUEST if a job may not have this webhook. */
export function checkWebhook(url: string | null, hosts: readonly string[]): void {
  const problem = url === null ? undefined : webhookProblem(url, hosts)
  if (problem !== undefined) throw new AtelierError('BAD_REQUEST', `webhook: ${problem}.`)
}

/** Why a webhook is not sent whose host has such an address. */
export const NOT_PUBLIC =
  'leads to an address that is not public; an administrator can list its host in jobs.webhook_hosts'

/** True if the administrator has listed the host of this URL, with this port or for all ports. */
export function isListed(url: URL, hosts: readonly string[]): boolean {
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  const host = plainHost(url)
  const names = [host, `${host}:${port}`, `${url.hostname.toLowerCase()}:${port}`]
  return hosts.some((each) => names.includes(each.toLowerCase()))
}

function plainHost({ hostname }: URL): string {
  return hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1')
}
