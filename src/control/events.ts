import { z } from 'zod'
import type { IdeWatch } from '../ides/ide-watch.ts'
import type { LivingJobs } from '../jobs/living-jobs.ts'
import type { WorkbenchJob } from '../jobs/workbench-job.ts'
import type { NodeNews } from '../nodes/node-watch.ts'
import type { Locations } from '../sessions/locations.ts'
import { isFinal, type Session } from '../sessions/session.ts'
import type { SessionReports } from '../sessions/session-reports.ts'
import type { Api } from './api.ts'
import { idesAnswer } from './ides.ts'
import { jobAnswer, jobJson, type JobExtras } from './job-json.ts'
import { noticeJson, noticesAnswer } from './notice-json.ts'
import type { NoticeParts } from './notices.ts'
import { watchReachable } from './reachable-events.ts'
import { sessionAnswer, sessionJson, reportJson, type SessionExtras } from './session-json.ts'

/** What the event stream listens to. */
export interface EventParts extends NoticeParts {
  readonly locations: Locations
  readonly reports: Pick<SessionReports, 'on' | 'off'>
  readonly ideWatch: IdeWatch
  readonly nodeNews: NodeNews
  readonly extras: SessionExtras
  readonly livingJobs: LivingJobs
  readonly jobExtras: JobExtras
  /** Aborted when the node stops, so that open streams do not hold it up. */
  readonly stopping: AbortSignal
}

const usageEvent = z.object({
  items: z.array(
    sessionAnswer.pick({
      id: true,
      cpuPercent: true,
      memoryBytes: true,
      lastUsedAt: true,
      stopsAt: true,
      stopsFor: true,
    }),
  ),
})

const followEvents = {
  id: 'followEvents',
  method: 'get',
  path: '/events',
  summary:
    'What happens to your sessions, your jobs and the IDEs, and what administrators tell, as it happens',
  events: {
    session: sessionAnswer.describe(
      'A session that is new or has changed, or whose node does not answer or does again.',
    ),
    removed: z.object({ id: z.string() }).describe('A session that is gone.'),
    usage: usageEvent.describe('What the sessions use now.'),
    job: jobAnswer.describe('A job that is new or has changed.'),
    ides: idesAnswer.describe('All IDEs, when one has changed.'),
    notices: noticesAnswer.describe(
      'What administrators tell everybody: at once, and when it has changed.',
    ),
  },
} as const

/** `GET /events`: what happens to the user's sessions and jobs and to the IDEs, as it happens. */
export function eventRoutes(api: Api, parts: EventParts): void {
  const { locations, reports, ideWatch, nodeNews, notices, extras, stopping } = parts
  const { livingJobs, jobExtras } = parts

  api.addStream('read', followEvents, ({ user }) => (stream) => {
    const changed = (session: Session) => {
      if (session.user === user) stream.send('session', sessionJson(session, extras))
    }
    const removed = (session: Session) => {
      if (session.user === user) stream.send('removed', { id: session.id })
    }
    const measured = () => {
      const items = locations
        .all()
        .filter((session) => session.user === user && !isFinal(session.state))
        .map((session) => extras.report(session))
        .filter(({ cpuPercent }) => cpuPercent !== null)
        .map((report) => ({ id: report.id, ...reportJson(report) }))
      if (items.length > 0) stream.send('usage', { items })
    }
    const jobChanged = (job: WorkbenchJob) => {
      if (job.user === user) stream.send('job', jobJson(job, jobExtras))
    }
    const noticed = () => stream.send('notices', { items: notices.shown().map(noticeJson) })
    const stop = () => stream.end()
    const unlisten = ideWatch.listen((items) => stream.send('ides', { items }))
    const unwatch = watchReachable({
      news: nodeNews,
      sessions: () =>
        locations.all().filter((session) => session.user === user && !isFinal(session.state)),
      isReachable: (session) => extras.isReachable(session),
      changed,
    })

    noticed()
    notices.on('changed', noticed)
    locations.on('changed', changed)
    locations.on('removed', removed)
    reports.on('measured', measured)
    livingJobs.on('changed', jobChanged)
    stopping.addEventListener('abort', stop)
    stream.signal.addEventListener('abort', () => {
      unlisten()
      unwatch()
      notices.off('changed', noticed)
      locations.off('changed', changed)
      locations.off('removed', removed)
      reports.off('measured', measured)
      livingJobs.off('changed', jobChanged)
      stopping.removeEventListener('abort', stop)
    })
  })
}
