import type { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import Router from '@koa/router'
import { AtelierError } from '../errors.ts'
import type { SessionReport } from '../sessions/session-reports.ts'

/** What this node tells other nodes on their own behalf. */
export interface PeerParts {
  /** True for a request that another node has sealed. Throws HOP_REFUSED for one that pretends so. */
  readonly isFromPeer: (request: IncomingMessage) => boolean
  /** What it knows of the sessions that it holds. */
  readonly reports: { own(): readonly SessionReport[] }
  /** Tells when something was measured here; not what others tell, or two nodes would go on telling each other for ever. */
  readonly usage: Pick<EventEmitter<{ measured: [] }>, 'on' | 'off'>
  /** The IP addresses of a host as this server resolves it. */
  readonly addressesOf: (host: string) => Promise<readonly string[]>
  readonly stopping: AbortSignal
}

/** How often a node tells what it knows although nothing was measured, in ms; what is older than 20 s is not believed. */
const EVERY_MS = 5000

/** `/peer/v1/…`: for other nodes only; to everybody else there is nothing. */
export function peerRoutes({
  isFromPeer,
  reports,
  usage,
  addressesOf,
  stopping,
}: PeerParts): Router {
  const router = new Router({ prefix: '/peer/v1' })
  router.use(async (ctx, next) => {
    if (!isFromPeer(ctx.req)) throw new AtelierError('NOT_FOUND')
    await next()
  })

  router.get('/addresses/:host', async (ctx) => {
    ctx.body = await addressesOf(String(ctx.params['host']))
  })

  router.get('/reports', (ctx) => {
    const lines = new PassThrough()
    ctx.type = 'application/x-ndjson'
    ctx.body = lines
    // A node without sessions has nothing to say, and who listens must not take that for silence.
    ctx.flushHeaders()
    const tell = () => {
      // A peer that does not read is told less, and not everything later.
      if (lines.writableNeedDrain) return
      lines.write(
        reports
          .own()
          .map((report) => `${JSON.stringify(report)}\n`)
          .join(''),
      )
    }
    const end = () => void lines.end()
    const timer = setInterval(tell, EVERY_MS)
    usage.on('measured', tell)
    stopping.addEventListener('abort', end)
    lines.once('close', () => {
      clearInterval(timer)
      usage.off('measured', tell)
      stopping.removeEventListener('abort', end)
    })
    tell()
  })
  return router
}
