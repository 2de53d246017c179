import type { Middleware } from 'koa'
import { AtelierError } from '../errors.ts'

/** Comes after the routes of a router: throws METHOD_NOT_ALLOWED, with the header Allow, where only the method is wrong. */
export function allowedMethods(): Middleware {
  return async (ctx, next) => {
    const matched: readonly { readonly methods: readonly string[] }[] = ctx['matched'] ?? []
    const methods = new Set(matched.flatMap((layer) => layer.methods))
    if (methods.size === 0 || methods.has(ctx.method)) return next()
    ctx.set('Allow', [...methods].join(', '))
    throw new AtelierError('METHOD_NOT_ALLOWED')
  }
}
