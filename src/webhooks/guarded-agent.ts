import { lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, buildConnector } from 'undici'
import { AtelierError } from '../errors.ts'
import { isPublicAddress } from './public-address.ts'
import { NOT_PUBLIC } from './webhook-url.ts'

/** Finds the addresses of a name, as `dns.lookup` does with `all`. */
export type Lookup = typeof systemLookup

/**
 * An agent for one request to a host of somebody's choice: it connects to public addresses only. Each address that the name
 * leads to is looked at, and the one that was looked at is connected to, so that a name that changes meanwhile leads nowhere
 * else. Its connections are not used again.
 */
export function guardedAgent({
  timeout,
  lookup = systemLookup,
}: {
  /** For the connection, in ms. */
  readonly timeout: number
  readonly lookup?: Lookup
}): Agent {
  const connect = buildConnector({ timeout, lookup: publicOnly(lookup) })
  return new Agent({
    pipelining: 0,
    connect: (options, callback) => {
      const host = options.hostname.replace(/^\[(.*)\]$/, '$1')
      // For an address nothing is looked up.
      if (isIP(host) !== 0 && !isPublicAddress(host)) {
        callback(notPublic(), null)
        return
      }
      connect(options, callback)
    },
  })
}

function publicOnly(lookup: Lookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '')
      // One that is not public among others is no mistake but an attempt.
      const [first] = addresses
      const areFine = addresses.every(({ address }) => isPublicAddress(address))
      if (first === undefined || !areFine) return callback(notPublic(), '')
      if (options.all === true) return callback(null, [...addresses])
      callback(null, first.address, first.family)
    })
  }
}

function notPublic(): AtelierError {
  return new AtelierError('BAD_REQUEST', `The webhook ${NOT_PUBLIC}.`)
}
