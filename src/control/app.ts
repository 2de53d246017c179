import type { IncomingMessage } from 'node:http'
import { bodyParser } from '@koa/bodyparser'
import Router from '@koa/router'
import Koa from 'koa'
import helmet from 'koa-helmet'
import type { Log } from '../log.ts'
import { Api } from './api.ts'
import { dashboardRoutes, type DashboardParts } from './dashboard.ts'
import { type DocumentParts, documentRoutes } from './document.ts'
import { errorAnswers, unreadableBody } from './error-answers.ts'
import { eventRoutes, type EventParts } from './events.ts'
import { FailureLimit } from './failure-limit.ts'
import {
  atHolder,
  atJobsNode,
  genuineHops,
  type HolderParts,
  type JobHolderParts,
} from './held-elsewhere.ts'
import { healthRoutes, type HealthParts } from './health.ts'
import { historyRoutes, type HistoryParts } from './history.ts'
import { ideRoutes, type IdeParts } from './ides.ts'
import { fileRoutes, type FileParts } from './files.ts'
import { jobChoiceRoutes, type JobChoiceParts } from './job-choices.ts'
import { jobRoutes, type JobParts } from './jobs.ts'
import type { JobOutputAccess } from './job-access.ts'
import { jobDownloadRoutes } from './job-download.ts'
import { jobLineRoutes } from './job-lines.ts'
import { jobOutputRoutes, type JobOutputParts } from './job-output.ts'
import { jobOutputEventRoutes } from './job-output-events.ts'
import { jobUsageRoutes } from './job-usage.ts'
import { keepRoutes, type KeepParts } from './keep.ts'
import { limitRoutes, type UserLimitParts } from './limits.ts'
import { launcherRoutes, type LauncherParts } from './launcher.ts'
import { meRoutes, type MeParts } from './me.ts'
import { outputRoutes, type OutputParts } from './output.ts'
import { nodeEventRoutes, type NodeEventParts } from './node-events.ts'
import { nodeRoutes, type NodeParts } from './nodes.ts'
import { noticeRoutes, type NoticeParts } from './notices.ts'
import { OpenStreams, STREAMS_MOST } from './open-streams.ts'
import { ownOrigin } from './own-origin.ts'
import { peerRoutes, type PeerParts } from './peer.ts'
import { portRoutes, type PortParts } from './ports.ts'
import { pages, type PageParts } from './pages.ts'
import { profileRoutes, type ProfileParts } from './profiles.ts'
import { projectRoutes, type ProjectParts } from './projects.ts'
import { RateLimit } from './rate-limit.ts'
import { scheduleRoutes, type ScheduleParts } from './schedules.ts'
import { restartRoutes, type RestartParts } from './restart.ts'
import { sessionRoutes, type SessionParts } from './sessions.ts'
import { signedIn, type SignedInParts } from './signed-in.ts'
import { signInRoutes, type LinkParts } from './sign-in.ts'
import { passwordRoutes, type PasswordParts } from './sign-in-password.ts'
import { proxiedRoutes, type ProxiedParts } from './sign-in-proxied.ts'
import { signOutRoutes, type SignOutParts } from './sign-out.ts'
import { tokenRoutes, type TokenParts } from './tokens.ts'
import { webhookRoutes, type WebhookParts } from './webhooks.ts'
import { versionRoutes, type VersionParts } from './versions.ts'

/** How much users and clients may ask for. */
export interface LimitParts {
  /** What each user may ask for in a minute, and how often each client may fail to sign in; asked each time. */
  readonly limits: () => { readonly requests: number; readonly signIns: number }
  readonly clientOf: (request: IncomingMessage) => { readonly address: string }
}

/** What the control plane is made of: each resource names what it needs. */
export type ControlParts = LimitParts & { readonly log: Log } & DocumentParts &
  LinkParts &
  Omit<PasswordParts, 'failures' | 'accountFailures'> &
  ProxiedParts &
  SignOutParts &
  HealthParts &
  Omit<SignedInParts, 'failures'> &
  MeParts &
  IdeParts &
  VersionParts &
  ProfileParts &
  UserLimitParts &
  SessionParts &
  JobParts &
  JobOutputAccess &
  JobHolderParts &
  JobChoiceParts &
  FileParts &
  ScheduleParts &
  WebhookParts &
  KeepParts &
  RestartParts &
  OutputParts &
  PortParts &
  PeerParts &
  HolderParts &
  EventParts &
  LauncherParts &
  JobOutputParts &
  NodeParts &
  NodeEventParts &
  DashboardParts &
  HistoryParts &
  NoticeParts &
  ProjectParts &
  TokenParts &
  PageParts

/** The control plane, pages and API, in the order in which a request passes through it. */
export function controlApp(parts: ControlParts): Koa {
  const app = new Koa()
  app.silent = true

  app.use(errorAnswers(parts.log))
  app.use(securityHeaders())
  app.use(genuineHops(parts))
  const health = new Router()
  healthRoutes(health, parts)
  app.use(health.routes())
  app.use(peerRoutes(parts).routes())

  app.use(ownOrigin())
  app.use(bodyParser({ enableTypes: ['json'], jsonLimit: '100kb', onError: unreadableBody }))

  for (const middleware of apiOf(parts).middleware()) app.use(middleware)
  app.use(pages(parts))
  return app
}

function apiOf(parts: ControlParts): Api {
  const { limits, clientOf } = parts
  const requests = new RateLimit({ perMinute: () => limits().requests })
  const signIns = new RateLimit({ perMinute: () => limits().signIns })
  const failures = new FailureLimit({ limit: signIns, clientOf })
  // Apart, so that a program with an old token keeps nobody behind the same address from signing in.
  const wrongTokens = new RateLimit({ perMinute: () => limits().signIns })
  const tokenFailures = new FailureLimit({ limit: wrongTokens, clientOf })
  // Of one account, so that its password cannot be tried from many addresses.
  const ofAccount = new RateLimit({ perMinute: () => Math.ceil(limits().signIns / 3) })
  const accountFailures = new FailureLimit({ limit: ofAccount, clientOf })
  const api = new Api({
    signedIn: signedIn({ ...parts, failures: tokenFailures }),
    limited: async (ctx, next) => {
      await requests.take(ctx, ctx.state.user)
      await next()
    },
    atHolder: atHolder(parts),
    atJobsNode: atJobsNode(parts),
    openStreams: new OpenStreams({ most: STREAMS_MOST }),
  })
  documentRoutes(api, parts)
  signInRoutes(api, { ...parts, failures })
  passwordRoutes(api, { ...parts, failures, accountFailures })
  proxiedRoutes(api, parts)
  signOutRoutes(api, parts)
  meRoutes(api, parts)
  ideRoutes(api, parts)
  versionRoutes(api, parts)
  profileRoutes(api, parts)
  limitRoutes(api, parts)
  sessionRoutes(api, parts)
  jobRoutes(api, parts)
  jobLineRoutes(api, parts)
  jobDownloadRoutes(api, parts)
  jobOutputEventRoutes(api, parts)
  jobUsageRoutes(api, parts)
  jobChoiceRoutes(api, parts)
  fileRoutes(api, parts)
  scheduleRoutes(api, parts)
  webhookRoutes(api, parts)
  keepRoutes(api, parts)
  restartRoutes(api, parts)
  outputRoutes(api, parts)
  portRoutes(api, parts)
  eventRoutes(api, parts)
  tokenRoutes(api, parts)
  launcherRoutes(api, parts)
  jobOutputRoutes(api, parts)
  nodeRoutes(api, parts)
  nodeEventRoutes(api, parts)
  dashboardRoutes(api, parts)
  historyRoutes(api, parts)
  noticeRoutes(api, parts)
  projectRoutes(api, parts)
  return api
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
