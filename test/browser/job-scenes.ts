import type { Page } from 'playwright-core'
import { JOB_KINDS, JOB_STATES } from '../../src/jobs/workbench-job.ts'
import { isEnded } from '../../src/web/api/job-state.ts'
import type { JobView } from '../../src/web/api/job-view.ts'
import type { FolderView } from '../../src/web/files/file-view.ts'
import type { JobChoices } from '../../src/web/new-job/job-choices.ts'
import type { ScheduleView } from '../../src/web/schedules/schedule-view.ts'
import { json, refuse } from './answers.ts'

/** What the API is to answer about jobs instead of what it would. */
export interface JobAnswers {
  jobs?: readonly JobView[]
  schedules?: readonly ScheduleView[]
  choices?: Partial<JobChoices>
  /** The folders there are, by path; the first is the home. */
  folders?: readonly FolderView[]
  /** What POST /jobs says is wrong. */
  refused?: string
}

const GIB = 2 ** 30

/** A job for the screen, with changes. */
export function jobView(id: string, changes: Partial<JobView> = {}): JobView {
  const at = new Date(Date.now() - 3_600_000).toISOString()
  return {
    id,
    user: 'alice',
    name: `${id}.R`,
    kind: 'r',
    script: `/home/alice/project/${id}.R`,
    command: null,
    args: [],
    environmentNames: [],
    workingDirectory: null,
    python: null,
    r: null,
    cluster: null,
    profile: null,
    limits: { cpus: 2, memoryBytes: 4 * GIB },
    schedule: null,
    tick: null,
    session: null,
    node: 'node-1',
    host: 'node-1',
    state: 'Finished',
    desired: 'running',
    reason: null,
    exitCode: 0,
    createdAt: at,
    stateAt: at,
    startedAt: at,
    endedAt: new Date(Date.parse(at) + 754_000).toISOString(),
    cpuSeconds: 701,
    peakMemoryBytes: 1.4 * GIB,
    cpuPercent: null,
    memoryBytes: null,
    outputBytes: 4000,
    outputRemovedAt: null,
    webhook: null,
    version: 2,
    reachable: true,
    ...changes,
  }
}

/** So many jobs of all kinds in all states. */
export function manyJobs(count: number): readonly JobView[] {
  return Array.from({ length: count }, (_, n) => {
    const state = JOB_STATES[n % JOB_STATES.length] ?? 'Finished'
    const kind = JOB_KINDS[n % JOB_KINDS.length] ?? 'r'
    const at = new Date(Date.now() - n * 5_400_000 - 200_000).toISOString()
    const hasRun = state !== 'Pending' && state !== 'Canceled'
    const name = `${NAMES[n % NAMES.length]} ${n}`
    return jobView(`job${n}`, {
      name,
      kind,
      state,
      script: kind === 'command' ? null : `/home/alice/project/${name.replaceAll(' ', '-')}.R`,
      command: kind === 'command' ? 'backup' : null,
      reason: REASONS[state] ?? null,
      exitCode: state === 'Finished' ? 0 : state === 'Failed' ? 1 : null,
      createdAt: at,
      stateAt: at,
      startedAt: hasRun ? at : null,
      endedAt: isEnded(state) ? new Date(Date.parse(at) + 95_000 * (n + 1)).toISOString() : null,
      cpuSeconds: isEnded(state) && hasRun ? 90 * (n + 1) : null,
      peakMemoryBytes: isEnded(state) && hasRun ? ((n * 7919) % 4000) * 2 ** 20 : null,
      cpuPercent: state === 'Running' ? 187 : null,
      memoryBytes: state === 'Running' ? 3.8 * GIB : null,
      cluster: n % 3 === 2 ? 'hpc' : null,
    })
  })
}

const NAMES = ['fit model', 'render a report with a rather long name that has to wrap', 'clean']
const REASONS: Partial<Record<JobView['state'], string>> = {
  Pending: 'You have 4 of 4 jobs running; this one starts when one of them ends.',
  Failed: 'It ended with exit code 1.',
  Killed: 'Its owner asked it to stop.',
}

/** Schedules in all conditions. */
export function someSchedules(): readonly ScheduleView[] {
  const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
  const { name: _name, ...request } = jobView('report', { args: ['--all'] })
  const schedule = (id: string, changes: Partial<ScheduleView>): ScheduleView => ({
    id,
    user: 'alice',
    name: id,
    cron: '0 6 * * 1-5',
    timeZone: 'Europe/Berlin',
    missed: 'skip',
    overlap: 'skip',
    enabled: true,
    request: { ...request, name: id },
    nextAt: at(9),
    lastAt: at(-15),
    lastJob: 'job3',
    lastProblem: null,
    version: 1,
    ...changes,
  })
  return [
    schedule('nightly report', {}),
    schedule('hourly import', {
      cron: '*/15 * * * *',
      lastAt: null,
      lastJob: null,
      nextAt: at(0.1),
    }),
    schedule('monthly bill', { cron: '30 7 1 * *', enabled: false, nextAt: null }),
    schedule('old one', {
      lastProblem: 'There is no profile "huge" any more.',
      lastJob: 'job5',
    }),
  ]
}

/** A few folders of a home. */
export function someFolders(): readonly FolderView[] {
  const modifiedAt = '2026-11-20T10:00:00.000Z'
  const folder = (name: string) => ({ name, kind: 'directory', size: null, modifiedAt }) as const
  const file = (name: string, size = 1234) => ({ name, kind: 'file', size, modifiedAt }) as const
  return [
    {
      path: '/home/alice',
      parent: '/home',
      more: false,
      entries: [
        folder('.config'),
        file('notes.txt'),
        file('a.sh'),
        folder('project'),
        folder('empty'),
      ],
    },
    {
      path: '/home/alice/project',
      parent: '/home/alice',
      more: true,
      entries: [
        ...['fit 10.R', 'fit 9.R', 'report.ipynb', 'clean.py', 'data.csv'].map((name) =>
          file(name),
        ),
        folder('raw data'),
        { name: 'pipe', kind: 'other', size: null, modifiedAt },
      ],
    },
    { path: '/home/alice/empty', parent: '/home/alice', more: false, entries: [] },
  ]
}

/** Has the page's requests about jobs answered by these; what is missing is left to the server. */
export async function answerJobs(page: Page, answers: JobAnswers): Promise<void> {
  const { jobs, schedules, choices, folders, refused } = answers
  if (choices !== undefined) {
    const none = { used: 0, most: null }
    const all: JobChoices = {
      clusters: [{ name: 'local', isDefault: true, available: true }],
      commands: [],
      limits: { running: none, waiting: none },
      ...choices,
    }
    await page.route('**/api/v1/job-choices', (route) => json(route, 200, all))
  }
  if (folders !== undefined) {
    await page.route('**/api/v1/files*', (route) => {
      const path = new URL(route.request().url()).searchParams.get('path')
      const found = folders.find((folder) => path === null || folder.path === path)
      return found === undefined
        ? json(route, 404, {
            error: { code: 'FILE_NOT_FOUND', message: `There is no folder ${path}.` },
          })
        : json(route, 200, found)
    })
  }
  if (schedules !== undefined) {
    await page.route('**/api/v1/schedules', (route) => json(route, 200, { items: schedules }))
  }
  if (jobs === undefined) return
  await page.route(/\/api\/v1\/jobs(\?|$)/, (route) => {
    if (route.request().method() === 'POST') {
      return json(route, 400, { error: { code: 'BAD_REQUEST', message: refused ?? 'No.' } })
    }
    const query = new URL(route.request().url()).searchParams
    const states = query.get('state')?.split(',')
    const text = query.get('q')?.toLowerCase() ?? ''
    const found = jobs.filter(
      ({ state, name }) => states?.includes(state) !== false && name.toLowerCase().includes(text),
    )
    const from = Number(query.get('cursor') ?? 0)
    const to = from + Number(query.get('limit') ?? 50)
    const next = to < found.length ? String(to) : null
    return json(route, 200, { items: found.slice(from, to), next })
  })
  await page.route(/\/api\/v1\/jobs\/[^/?]+$/, (route) => {
    const id = new URL(route.request().url()).pathname.split('/').at(-1)
    const found = jobs.find((job) => job.id === id)
    return found === undefined ? refuse(route, 'SESSION_NOT_FOUND') : json(route, 200, found)
  })
  await page.route('**/api/v1/jobs/*/stop', (route) => {
    const id = new URL(route.request().url()).pathname.split('/').at(-2)
    const found = jobs.find((job) => job.id === id)
    if (found === undefined) return refuse(route, 'LAUNCHER_UNAVAILABLE')
    return json(route, 202, { ...found, desired: 'stopped', version: found.version + 1 })
  })
}
