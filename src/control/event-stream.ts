import { PassThrough } from 'node:stream'
import type { Context } from 'koa'

const KEEP_ALIVE_MS = 15_000
const BUFFERED_MOST = 1024 * 1024

/** One open stream of server-sent events (WHATWG HTML, 9.2). */
export interface EventStream {
  /** Sends one event; without a name it is a `message`. Whoever comes back tells the `id` of the last one that it got. */
  send(data: unknown, event?: string, id?: string): void
  /** Resolves when the browser has read what was sent so far. */
  drained(): Promise<void>
  end(): void
  /** Aborted when the browser has gone or the stream has ended. */
  readonly signal: AbortSignal
}

/** Answers the request with a stream of events, kept alive every 15 s; a browser that reads nothing is cut off at 1 MiB. */
export function eventStream(ctx: Context): EventStream {
  const stream = new PassThrough()
  const gone = new AbortController()
  ctx.set('Content-Type', 'text/event-stream; charset=utf-8')
  ctx.set('Cache-Control', 'no-store')
  ctx.set('X-Accel-Buffering', 'no')
  ctx.status = 200
  ctx.body = stream
  stream.write(':\n\n')
  const keepAlive = setInterval(() => stream.write(':\n\n'), KEEP_ALIVE_MS)
  stream.on('close', () => {
    clearInterval(keepAlive)
    gone.abort()
  })
  return {
    signal: gone.signal,
    send(data, event, id) {
      if (stream.destroyed || stream.writableEnded) return
      if (stream.writableLength > BUFFERED_MOST) return void stream.destroy()
      const name = event === undefined ? '' : `event: ${event}\n`
      const place = id === undefined ? '' : `id: ${id}\n`
      stream.write(`${name}${place}data: ${JSON.stringify(data)}\n\n`)
    },
    async drained() {
      if (!stream.writableNeedDrain) return
      await new Promise<void>((resolve) => {
        stream.once('drain', resolve)
        stream.once('close', resolve)
      })
    },
    end() {
      stream.end()
    },
  }
}
