import { send } from '@koa/send'
import type { Middleware } from 'koa'
import { AtelierError } from '../errors.ts'

/** Where the built pages are. */
export interface PageParts {
  /** The folder that vite has built. */
  readonly webDirectory: string
}

/** The browser UI: one page for every address that is no file, so that its own router shows the right thing. */
export function pages({ webDirectory }: PageParts): Middleware {
  return async (ctx) => {
    if (ctx.path.startsWith('/api/')) throw new AtelierError('NOT_FOUND')
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') throw new AtelierError('METHOD_NOT_ALLOWED')
    const isAsset = ctx.path.startsWith('/assets/')
    const isFile = isAsset || /^\/[\w-]+\.\w+$/.test(ctx.path)
    await send(ctx, isFile ? ctx.path : '/index.html', {
      root: webDirectory,
      setHeaders: (response) => {
        // The names of assets carry a hash of what is in them; the page that names them must be asked for each time.
        const caching = isAsset ? 'public, max-age=31536000, immutable' : 'no-cache'
        response.setHeader('Cache-Control', caching)
      },
    })
  }
}
