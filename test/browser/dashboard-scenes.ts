import type { Page } from 'playwright-core'
import type { DashboardJson, LivingJson, SampleJson } from '../../src/control/dashboard-json.ts'
import type { HistoryJson } from '../../src/control/history-json.ts'
import type { NoticeJson } from '../../src/control/notice-json.ts'
import type { ProjectJson } from '../../src/control/project-json.ts'
import { SAMPLE_FIGURES } from '../../src/history/cluster-sample.ts'
import { END_STATES } from '../../src/history/history-entry.ts'
import { JOB_KINDS } from '../../src/jobs/workbench-job.ts'
import { IDE_NAMES } from '../../src/sessions/session.ts'
import { json, refuse } from './answers.ts'
import { clusterNode } from './node-scenes.ts'

const GIB = 2 ** 30
const NAMES = ['thesis', 'nightly report', 'a model with a rather long name that has to wrap', null]
const USERS = ['alice', 'bob', 'a-long-user-name@example.com', 'cyd']
const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString()

/** What the dashboard shows of a cluster; of an empty one without `many`. */
export function dashboard(many: boolean): DashboardJson {
  const users = many
    ? USERS.map((user, n) => ({
        user,
        sessions: 4 - n,
        jobs: n * 3,
        waiting: n === 1 ? 12 : 0,
        cpuPercent: 640 - n * 150,
        memoryBytes: (20 - n * 5) * GIB,
      }))
    : []
  const sum = (key: 'sessions' | 'jobs' | 'waiting' | 'cpuPercent' | 'memoryBytes') =>
    users.reduce((total, user) => total + user[key], 0)
  return {
    at: ago(0),
    totals: {
      users: users.length,
      sessions: sum('sessions'),
      jobs: sum('jobs'),
      waiting: sum('waiting'),
      cpuPercent: sum('cpuPercent'),
      memoryBytes: sum('memoryBytes'),
    },
    users,
    nodes: [
      clusterNode('node-1', { self: true, roundTripMs: null }),
      ...(many ? [clusterNode('node-2', { draining: true, sessions: 1 })] : []),
    ],
  }
}

/** Sessions and jobs of several users. */
export function someWork(): readonly LivingJson[] {
  return Array.from({ length: 8 }, (_, n) => {
    const isJob = n % 2 === 1
    return {
      kind: isJob ? 'job' : 'session',
      id: `work${n}`,
      user: USERS[n % USERS.length] ?? 'alice',
      name: NAMES[n % NAMES.length] ?? null,
      what: (isJob ? JOB_KINDS : IDE_NAMES)[n % 4] ?? 'vscode',
      state: isJob ? (n === 3 ? 'Pending' : 'Running') : n === 4 ? 'Lost' : 'Active',
      node: `node-${1 + (n % 2)}`,
      createdAt: ago(n * 47 + 3),
      startedAt: n === 3 ? null : ago(n * 47 + 2),
      cpuPercent: n === 3 ? null : n * 33,
      memoryBytes: n === 3 ? null : n * 0.7 * GIB,
    } as const
  })
}

/** A series as of a day with a gap, in steps of so many seconds. */
export function someSamples(from: number, to: number, step: number): readonly SampleJson[] {
  const samples: SampleJson[] = []
  for (let ms = from; ms < to; ms += step * 1000) {
    const part = (ms - from) / (to - from)
    // Nobody took any for a while.
    if (part > 0.55 && part < 0.62) continue
    const wave = Math.sin(part * 9) + 1.2
    const figures = Object.fromEntries(SAMPLE_FIGURES.map((figure) => [figure, 0])) as Omit<
      SampleJson,
      'at'
    >
    samples.push({
      ...figures,
      at: new Date(ms).toISOString(),
      sessionsActive: Math.round(wave * 9),
      sessionsIdle: Math.round(wave * 3),
      sessionsStarting: part > 0.3 && part < 0.34 ? 2 : 0,
      jobsRunning: Math.round(wave * 6),
      jobsPending: part > 0.7 ? Math.round(part * 20) : 0,
      users: Math.round(wave * 5),
      nodes: part > 0.2 ? 3 : 2,
      sessionCpuPercent: wave * 240,
      sessionMemoryBytes: wave * 14 * GIB,
      jobCpuPercent: wave * 500,
      jobMemoryBytes: wave * 6 * GIB,
    })
  }
  return samples
}

/** Ended sessions and jobs of all kinds. */
export function someHistory(count: number): readonly HistoryJson[] {
  return Array.from({ length: count }, (_, n) => {
    const isJob = n % 3 === 1
    const state = isJob
      ? (['Finished', 'Failed', 'Killed'] as const)[n % 2]
      : END_STATES[n % 5 === 4 ? 2 : 0]
    return {
      kind: isJob ? 'job' : 'session',
      id: `past${n}`,
      run: isJob ? `past${n}` : `past${n}.1`,
      user: USERS[n % USERS.length] ?? 'alice',
      name: NAMES[n % NAMES.length] ?? null,
      ide: isJob ? null : (IDE_NAMES[n % 4] ?? null),
      jobKind: isJob ? (JOB_KINDS[n % 4] ?? null) : null,
      node: `node-${1 + (n % 2)}`,
      profile: n % 4 === 0 ? 'large' : null,
      createdAt: ago(n * 300 + 200),
      startedAt: n === 5 ? null : ago(n * 300 + 199),
      endedAt: ago(n * 300 + 20),
      seconds: n === 5 ? 0 : 179 * 60,
      state: state ?? 'Stopped',
      reason: isJob ? null : 'Stopped after 8 hours in which nobody used it and nothing computed.',
      exitCode: isJob ? n % 2 : null,
      cpuSeconds: n % 4 === 3 ? null : n * 777,
      peakMemoryBytes: n % 4 === 3 ? null : (n + 1) * 0.4 * GIB,
    } as const
  })
}

/** A notice of each severity. */
export function someNotices(): readonly NoticeJson[] {
  const notice = (id: string, changes: Partial<NoticeJson>): NoticeJson => ({
    id,
    text: 'A new R is installed: 4.6.',
    severity: 'info',
    from: ago(60),
    until: null,
    dismissible: true,
    createdBy: 'root',
    createdAt: ago(60),
    version: 1,
    ...changes,
  })
  return [
    notice('critical', {
      severity: 'critical',
      dismissible: false,
      text: 'All servers restart at 18:00.\nSave your work; sessions go on, jobs do not.',
      until: ago(-300),
    }),
    notice('warning', { severity: 'warning', text: '<b>The disk</b> of /scratch is nearly full.' }),
    notice('info', {}),
  ]
}

/** Projects of all kinds. */
export function someProjects(): readonly ProjectJson[] {
  const project = (path: string, changes: Partial<ProjectJson>): ProjectJson => ({
    path,
    name: path.split('/').at(-1) ?? '',
    kind: 'git',
    lastUsedAt: ago(90),
    branch: null,
    ...changes,
  })
  return [
    project('/home/alice/work/thesis', { kind: 'rstudio', branch: 'main', lastUsedAt: ago(4) }),
    project('/home/alice/model', { branch: 'a-branch-with-a-rather-long-name/that-has-to-wrap' }),
    project('/home/alice/notes', { kind: 'vscode', lastUsedAt: ago(3000) }),
    project('/data/shared/survey of 2026', { kind: 'jupyter', lastUsedAt: null }),
    ...Array.from({ length: 5 }, (_, n) => project(`/home/alice/more/project-${n}`, {})),
  ]
}

/** What the API tells administrators. */
export interface DashboardScene {
  readonly many?: boolean
  readonly series?: 'some' | 'none' | 'one'
  readonly history?: readonly HistoryJson[]
  readonly notices?: readonly NoticeJson[]
  readonly projects?: readonly ProjectJson[] | 'incomplete' | 'unavailable'
  readonly unavailable?: boolean
}

/** Has the page's requests of the dashboard answered so. */
export async function answerDashboard(page: Page, scene: DashboardScene): Promise<void> {
  const { many = true, series = 'some', history = someHistory(14), notices = [] } = scene
  const { projects = [], unavailable = false } = scene
  await page.route(/\/api\/v1\/dashboard/, (route) => {
    if (unavailable) return refuse(route, 'DATABASE_UNAVAILABLE')
    const { pathname, searchParams } = new URL(route.request().url())
    if (pathname.endsWith('/dashboard')) return json(route, 200, dashboard(many))
    if (pathname.endsWith('/work')) {
      const user = searchParams.get('user')
      const items = many ? someWork().filter((work) => user === null || work.user === user) : []
      return json(route, 200, { items, more: false })
    }
    const [from, to] = [searchParams.get('from') ?? '', searchParams.get('to') ?? '']
    const step = Number(searchParams.get('step'))
    const all = someSamples(Date.parse(from), Date.parse(to), step)
    const items = series === 'none' ? [] : series === 'one' ? all.slice(-1) : all
    return json(route, 200, { from, to, step, items })
  })
  await page.route(/\/api\/v1\/history/, (route) => {
    if (unavailable) return refuse(route, 'DATABASE_UNAVAILABLE')
    const { pathname, searchParams } = new URL(route.request().url())
    const use = { count: 12, seconds: 170_000, cpuSeconds: 43_000 }
    if (pathname.endsWith('/use')) {
      return json(route, 200, {
        from: ago(9000),
        to: ago(0),
        sessions: use,
        jobs: { ...use, count: 1 },
      })
    }
    const wanted = searchParams.get('state')
    const found = history.filter(({ state }) => wanted === null || state === wanted)
    const rest = searchParams.get('cursor') !== null
    return json(route, 200, {
      items: rest ? found.slice(10) : found.slice(0, 10),
      next: !rest && found.length > 10 ? 'more' : null,
    })
  })
  await page.route(/\/api\/v1\/notices/, (route) => json(route, 200, { items: notices }))
  await page.route(/\/api\/v1\/projects/, (route) => {
    if (projects === 'unavailable') return refuse(route, 'LAUNCHER_UNAVAILABLE')
    const items = projects === 'incomplete' ? [] : projects
    return json(route, 200, { items, complete: projects !== 'incomplete' })
  })
}
