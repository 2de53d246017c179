import { setTimeout as delay } from 'node:timers/promises'
import type Router from '@koa/router'

const CHECK_LIMIT_MS = 2000

/** What the health checks ask. */
export interface HealthParts {
  /** Checks by name; each throws when its part cannot be used. */
  readonly ready: Readonly<Record<string, () => Promise<void>>>
}

/** `/health`: the process answers. `/ready`: database and Launcher do too, so that new sessions can start. */
export function healthRoutes(router: Router, { ready }: HealthParts): void {
  router.get('/health', (ctx) => {
    ctx.body = { status: 'ok' }
  })

  router.get('/ready', async (ctx) => {
    const checks = await Promise.all(
      Object.entries(ready).map(async ([name, check]) => {
        const ok = await Promise.race([
          check().then(
            () => true,
            () => false,
          ),
          delay(CHECK_LIMIT_MS, false, { ref: false }),
        ])
        return [name, ok ? 'ok' : 'unavailable'] as const
      }),
    )
    const allOk = checks.every(([, state]) => state === 'ok')
    ctx.status = allOk ? 200 : 503
    ctx.body = { status: allOk ? 'ok' : 'unavailable', ...Object.fromEntries(checks) }
  })
}
