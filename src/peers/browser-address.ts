import type { IncomingMessage } from 'node:http'
import { readSessionBearer } from '../auth/bearer.ts'
import { HOP_HEADER } from './hop-header.ts'

/** What decides at which address browsers are to use the cluster. */
export interface Routing {
  readonly mode: 'load-balancer' | 'single-node'
  /** Whether a node answers browsers that use its own address; undefined for what is usual in the mode. */
  readonly direct?: boolean | undefined
  /** The address of the cluster for browsers; in single-node mode else that of the node that takes them, if it is known. */
  readonly publicUrl?: string | undefined
  /** True for the node that takes browsers in single-node mode. */
  readonly isPublicNode: boolean
  /** This node's own URL. */
  readonly ownUrl: string
}

/** What a node answers for itself, whoever asks. */
const OWN_PATHS = /^\/(?:(?:health|ready|metrics)(?:$|\?)|(?:peer|cluster)\/)/
/** What tells that something in front of us has passed the request on, which may have set Host as well. */
const FROM_BALANCERS = ['x-forwarded-for', 'x-forwarded-host', 'forwarded'] as const

/**
 * The URL at which a browser is to repeat the request; undefined if this node answers it. Never the host that was asked, as
 * the browser would come back for ever.
 */
export function browserAddress(
  { url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>,
  routing: Routing,
): string | undefined {
  const { publicUrl } = routing
  // What runs in a session knows its own node only, and could not show its token elsewhere.
  if (readSessionBearer(headers.authorization ?? '') !== undefined) return undefined
  // Whether it is another node's is for those to find out who take it.
  if (headers[HOP_HEADER] !== undefined) return undefined
  if (publicUrl === undefined || answersItself(routing)) return undefined
  if (!url.startsWith('/') || OWN_PATHS.test(url)) return undefined
  const asked = hostOf(`http://${headers.host ?? ''}`, publicUrl)
  if (asked === undefined || asked === hostOf(publicUrl)) return undefined
  if (routing.mode === 'load-balancer') {
    if (FROM_BALANCERS.some((name) => headers[name] !== undefined)) return undefined
    if (hostOf(`http://${headers.host ?? ''}`, routing.ownUrl) !== hostOf(routing.ownUrl)) return
  }
  return new URL(publicUrl).origin + url
}

function answersItself({ mode, direct, isPublicNode }: Routing): boolean {
  if (mode === 'single-node') return isPublicNode || direct === true
  return direct !== false
}

/** Host and port of a URL, with the port left out that is usual for the scheme, which is that of `like`. */
function hostOf(url: string, like = url): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol } = new URL(like)
  return new URL(url.replace(/^https?:/, protocol)).host
}
