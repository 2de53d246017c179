import { bodyParser } from '@koa/bodyparser'
import Router from '@koa/router'
import Koa from 'koa'
import helmet from 'koa-helmet'
import type { Log } from '../log.ts'
import { errorAnswers } from './error-answers.ts'
import { eventRoutes, type EventParts } from './events.ts'
import { healthRoutes, type HealthParts } from './health.ts'
import { ideRoutes, type IdeParts } from './ides.ts'
import { meRoutes, type MeParts } from './me.ts'
import { outputRoutes, type OutputParts } from './output.ts'
import { ownOrigin } from './own-origin.ts'
import { portRoutes, type PortParts } from './ports.ts'
import { pages, type PageParts } from './pages.ts'
import { sessionRoutes, type SessionParts } from './sessions.ts'
import { signedIn, type SignedIn } from './signed-in.ts'
import { signInRoutes, type SignInParts } from './sign-in.ts'
import { versionRoutes, type VersionParts } from './versions.ts'

/** What the control plane is made of: each resource names what it needs. */
export type ControlParts = { readonly log: Log } & SignInParts &
  HealthParts &
  MeParts &
  IdeParts &
  VersionParts &
  SessionParts &
  OutputParts &
  PortParts &
  EventParts &
  PageParts

/** The control plane, pages and API, in the order in which a request passes through it. */
export function controlApp(parts: ControlParts): Koa {
  const app = new Koa()
  app.silent = true

  app.use(errorAnswers(parts.log))
  app.use(securityHeaders())
  const health = new Router()
  healthRoutes(health, parts)
  app.use(health.routes())

  app.use(ownOrigin())
  app.use(bodyParser({ enableTypes: ['json'], jsonLimit: '100kb' }))

  const open = new Router()
  signInRoutes(open, parts)
  app.use(open.routes())

  const api = new Router<SignedIn>({ prefix: '/api/v1' })
  api.use(signedIn(parts.cookie))
  meRoutes(api, parts)
  ideRoutes(api, parts)
  versionRoutes(api, parts)
  sessionRoutes(api, parts)
  outputRoutes(api, parts)
  portRoutes(api, parts)
  eventRoutes(api, parts)
  app.use(api.routes())

  app.use(pages(parts))
  return app
}

// Mantine writes style elements at run time, which is why styles may be inline and scripts may not.
function securityHeaders(): Koa.Middleware {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        objectSrc: ["'none'"],
      },
    },
    strictTransportSecurity: false,
    // The pages of sessions open in tabs of their own and must not reach back into ours.
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'same-origin' },
  })
}
