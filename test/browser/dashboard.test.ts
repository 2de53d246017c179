import type { Page } from 'playwright-core'
import t from 'tap'
import { startTestAtelier } from '../fixtures/atelier.ts'
import { overflowOf } from '../fixtures/axe.ts'
import { openBrowser } from '../fixtures/browser.ts'
import { until } from '../fixtures/until.ts'
import {
  answerDashboard,
  someNotices,
  someProjects,
  type DashboardScene,
} from './dashboard-scenes.ts'
import { checkScene, type Scene } from './scene-check.ts'
import { answerWith, sessionView } from './scenes.ts'

const SLOW = { timeout: 60_000 }
const has = (scene: DashboardScene) => ({ more: (page: Page) => answerDashboard(page, scene) })
const admin = { path: '/admin', heading: 'Dashboard' }
const charts = (page: Page) => page.getByRole('figure', { name: 'Memory in use' }).waitFor(SLOW)
const SCENES: readonly Scene[] = [
  { name: 'dashboard', ...admin, answers: has({}), show: charts },
  {
    name: 'dashboard-month',
    ...admin,
    answers: has({}),
    show: async (page) => {
      await page.getByRole('button', { name: 'Month' }).click(SLOW)
      await page.getByRole('heading', { name: 'Over the last 30 days' }).waitFor()
      await charts(page)
    },
  },
  {
    name: 'dashboard-first-minute',
    ...admin,
    answers: has({ series: 'one' }),
    show: charts,
  },
  {
    name: 'dashboard-empty',
    ...admin,
    answers: has({ many: false, series: 'none' }),
    show: (page) => page.getByText('A point is added each minute.').waitFor(SLOW),
  },
  {
    name: 'dashboard-user',
    ...admin,
    answers: has({}),
    heading: 'Running now',
    show: async (page) => {
      await page.getByRole('link', { name: 'Running of bob' }).click(SLOW)
      await page.getByText('only of bob').waitFor()
    },
  },
  {
    name: 'dashboard-stop',
    ...admin,
    answers: has({}),
    heading: 'Stop the session of alice?',
    show: (page) =>
      page.getByRole('button', { name: 'Stop the session “thesis” of alice' }).first().click(SLOW),
  },
  {
    name: 'dashboard-error',
    ...admin,
    answers: has({ unavailable: true }),
    show: (page) => page.getByText('The dashboard could not be read').waitFor(SLOW),
  },
  {
    name: 'admin-history',
    path: '/admin/history',
    heading: 'History',
    answers: has({}),
    show: (page) => page.getByRole('button', { name: 'Show more' }).waitFor(SLOW),
  },
  {
    name: 'admin-history-none',
    path: '/admin/history?state=Killed&user=alice',
    heading: 'History',
    answers: has({}),
    show: (page) => page.getByText('Nothing that ended matches these filters.').waitFor(SLOW),
  },
  {
    name: 'own-history',
    path: '/history',
    heading: 'History',
    answers: has({}),
    show: (page) => page.getByText('This month you had').waitFor(SLOW),
  },
  {
    name: 'admin-notices',
    path: '/admin/notices',
    heading: 'All notices',
    answers: has({ notices: someNotices() }),
    show: (page) => page.getByRole('table', { name: 'Notices' }).waitFor(SLOW),
  },
  {
    name: 'home-projects',
    path: '/',
    heading: 'Recent projects',
    answers: {
      ...has({ projects: someProjects(), notices: someNotices() }),
      sessions: [sessionView('on', { folder: '/home/alice/notes', ide: 'vscode' })],
    },
    show: (page) => page.getByText('Show all 9 projects').waitFor(SLOW),
  },
  {
    name: 'home-projects-none',
    path: '/',
    heading: 'Recent projects',
    answers: { ...has({}), sessions: [] },
    show: (page) => page.getByText('None yet.').waitFor(SLOW),
  },
]

t.test('the dashboard in the browser', async (t) => {
  const atelier = await startTestAtelier(t)
  const { address, signInLink } = atelier
  const { page, context, screenshot, ownErrors } = await openBrowser(t)
  await page.goto(signInLink)
  await page.getByRole('heading', { name: 'Start your first session' }).waitFor(SLOW)

  await t.test(
    'an administrator finds it in the menu, with figures of this very cluster',
    async () => {
      await page.getByRole('button', { name: /: menu$/ }).click()
      await page.getByRole('menuitem', { name: 'Dashboard' }).click()
      await page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor(SLOW)
      await page.getByRole('table', { name: 'Nodes' }).waitFor(SLOW)
      await page.getByText('Nobody has anything running.').waitFor(SLOW)
      // The node has taken its first sample by itself.
      await page.getByText('No history yet').or(page.getByRole('figure').first()).waitFor(SLOW)
      await page.reload()
      await page
        .getByRole('figure', { name: 'Nodes alive' })
        .getByText('Nodes: 1 now')
        .waitFor({ timeout: 150_000 })
      await screenshot(page, 'dashboard-real')
    },
  )

  await t.test(
    'a notice is seen on every open page at once, also one that was put away and changed',
    async (t) => {
      const other = await context.newPage()
      await other.goto(`${address}/settings`)
      await other.getByRole('heading', { name: 'Settings' }).waitFor(SLOW)
      await page.getByRole('link', { name: 'Notices' }).click()
      await page.getByLabel('What everybody is told').fill('Lunch <b>time</b>')
      await page.getByLabel('How much it matters').selectOption('warning')
      await page.getByRole('button', { name: 'Tell everybody' }).click()
      for (const each of [page, other]) {
        await each
          .getByRole('region', { name: 'Notices', exact: true })
          .getByText('Lunch <b>time</b>')
          .waitFor(SLOW)
      }
      await other.getByRole('button', { name: 'Put this notice away' }).click()
      await other.getByText('Lunch').waitFor({ state: 'detached', ...SLOW })
      // The other page of this browser learns it too.
      await page
        .getByRole('region', { name: 'Notices', exact: true })
        .getByText('Lunch')
        .waitFor({ state: 'detached', ...SLOW })
      await other.reload()
      await other.getByRole('heading', { name: 'Settings' }).waitFor(SLOW)
      t.equal(await other.getByText('Lunch').count(), 0)
      const { items } = (await other.evaluate(
        `fetch('/api/v1/notices').then((answer) => answer.json())`,
      )) as {
        items: { id: string }[]
      }
      await other.evaluate(`fetch('/api/v1/notices/${items[0]?.id}', {
      method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ text: 'Dinner' }) })`)
      await other.getByText('Dinner').waitFor(SLOW)
      await page
        .getByRole('button', { name: 'Take back: Dinner' })
        .or(page.getByRole('button', { name: 'Take back: Lunch' }))
        .first()
        .click(SLOW)
      await other.getByText('Dinner').waitFor({ state: 'detached', ...SLOW })
      await other.close()
      t.strictSame(ownErrors, [])
    },
  )

  await t.test(
    'the history is filtered by keyboard alone, and its address can be kept',
    async (t) => {
      const page = await context.newPage()
      await answerWith(page, has({}))
      await page.goto(`${address}/admin/history`)
      await page.getByRole('button', { name: 'Show more' }).click(SLOW)
      await until(async () => (await page.getByRole('row').count()) === 15)
      await page.getByLabel('Ended as').focus()
      for (const _ of [1, 2, 3]) await page.keyboard.press('ArrowDown')
      await until(async () => (await page.getByRole('row').count()) < 10)
      await until(() => page.url().endsWith('/admin/history?state=Failed'))
      const csv = page.getByRole('link', { name: 'Download as CSV' })
      t.equal(await csv.getAttribute('href'), '/api/v1/history?user=*&state=Failed&format=csv')
      await page.close()
    },
  )

  await t.test('somebody else’s job is stopped only after a question', async (t) => {
    const page = await context.newPage()
    const asked: string[] = []
    await answerWith(page, has({}))
    await page.route('**/api/v1/jobs/*/stop', (route) => {
      asked.push(`${new URL(route.request().url()).pathname} ${route.request().postData() ?? ''}`)
      return route.fulfill({ status: 202, contentType: 'application/json', body: '{}' })
    })
    await page.goto(`${address}/admin`)
    await page
      .getByRole('button', { name: /^Stop the job “nightly report” of bob/ })
      .first()
      .click(SLOW)
    await page.getByRole('button', { name: 'Cancel' }).click()
    t.strictSame(asked, [])
    await page
      .getByRole('button', { name: /^Stop the job “nightly report” of bob/ })
      .first()
      .click()
    await page.getByLabel('Kill it without asking it first').check()
    await page.getByRole('button', { name: 'Stop job' }).click()
    await until(() => asked.length === 1)
    t.match(asked[0], /\/jobs\/work\d\/stop {"force":true}$/)
    await page.close()
  })

  await t.test('a project is opened in a session in its folder', async (t) => {
    const page = await context.newPage()
    await answerWith(page, { ...has({ projects: someProjects() }), sessions: [] })
    let body: unknown
    await page.route(/\/api\/v1\/sessions$/, (route) => {
      if (route.request().method() !== 'POST') return route.fallback()
      body = route.request().postDataJSON()
      const started = sessionView('new', { state: 'Starting', ide: 'vscode' })
      return route.fulfill({
        status: 201,
        contentType: 'application/json',
        body: JSON.stringify(started),
      })
    })
    await page.goto(address)
    await page.getByRole('button', { name: 'Open in VS Code: notes' }).click(SLOW)
    await until(() => body !== undefined)
    t.match(body, { ide: 'vscode', folder: '/home/alice/notes', name: 'notes' })
    await page.close()
  })

  await t.test('who only looks at sessions does not load the charts', async (t) => {
    const page = await context.newPage()
    const loaded: string[] = []
    page.on('request', (request) => void loaded.push(request.url()))
    await page.goto(address)
    await page.getByRole('heading', { name: 'Recent projects' }).waitFor(SLOW)
    t.strictSame(
      loaded.filter((url) => /chart/i.test(url)),
      [],
    )
    await page.close()
  })

  await t.test('nothing has to be scrolled sideways, whatever the width', async (t) => {
    const page = await context.newPage()
    await answerWith(page, has({ notices: someNotices() }))
    for (const path of ['/admin', '/admin/history', '/admin/notices', '/history']) {
      await page.goto(address + path)
      await page.getByRole('table').first().waitFor(SLOW)
      // 640 px is 200 % zoom of a usual screen.
      for (const width of [1600, 1100, 993, 992, 640, 400, 320]) {
        await page.setViewportSize({ width, height: 800 })
        t.equal(await overflowOf(page), 0, `${path} at ${width} px`)
        if (width === 640) await screenshot(page, `dashboard${path.replaceAll('/', '-')}-640`)
      }
    }
    await page.close()
  })

  for (const scene of SCENES) {
    await t.test(scene.name, (t) => checkScene(t, { address, context, screenshot }, scene))
  }
})
