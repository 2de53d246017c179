import type { Config } from '../config.ts'
import { isMultiUser } from '../session-users.ts'
import { addressOf } from './address.ts'
import { findInstance, neverRan, type Instance } from './instance-file.ts'

/** The Atelier that commands on this machine mean, and how it is known: by what `atelier start` left, or as configured. */
export interface LocalInstance extends Instance {
  readonly user: string
  readonly kind: 'started' | 'configured'
}

/**
 * The Atelier of this data directory: the one that `atelier start` has left word of, else the node that serves with this
 * configuration. Its user is `named`, or else the one whose sessions it runs, or else `otherwise`. Throws when there can be
 * none.
 */
export function localInstance(
  config: Config,
  {
    named,
    otherwise,
  }: { readonly named?: string | undefined; readonly otherwise?: string | undefined } = {},
): LocalInstance {
  const wanted = named ?? config.launcher.user
  const { url } = config.database
  const left = findInstance(config)
  if (left !== undefined) {
    const { address, databaseUrl, user } = left
    return {
      kind: 'started',
      address,
      databaseUrl: url ?? databaseUrl,
      user: required(wanted ?? user ?? otherwise),
    }
  }
  if (url === undefined) throw neverRan(config)
  return {
    kind: 'configured',
    address: nodeAddress(config),
    databaseUrl: url,
    user: required(wanted ?? otherwise),
  }
}

/** True if one signs in by links at the Atelier that commands on this machine mean, as far as is known here. */
export function signsInByLinks(config: Config): boolean {
  const left = findInstance(config)
  return !isMultiUser(config) && (left === undefined || left.user !== undefined)
}

function required(user: string | undefined): string {
  if (user !== undefined) return user
  throw new Error('Everybody here has sessions of their own. Say for whom this is: --user NAME')
}

function nodeAddress({ server, routing }: Config): string {
  const isPeer = routing.mode === 'single-node' && routing.direct !== true
  if (isPeer && routing.public_url !== undefined) return routing.public_url
  if (server.port !== 0) return addressOf(server.host, server.port)
  throw new Error('server.port is 0, so that nobody knows where the node listens. Set a port.')
}
