import t from 'tap'
import { startTestAtelier } from '../fixtures/atelier.ts'
import { overflowOf } from '../fixtures/axe.ts'
import { openBrowser } from '../fixtures/browser.ts'
import { withBuiltInDatabase } from '../fixtures/built-in-database.ts'
import { until } from '../fixtures/until.ts'
import { clusterNode, nodeSessions, someNodes } from './node-scenes.ts'
import { checkScene, type Scene } from './scene-check.ts'
import { answerWith, sessionView } from './scenes.ts'

const SLOW = { timeout: 60_000 }
const silent = { cpuPercent: null, memoryBytes: null, reachable: false }
const SESSIONS = [
  sessionView('lost', { ...silent, state: 'Lost', name: 'thesis', node: 'node-2' }),
  sessionView('away', { ...silent, name: 'model', node: 'node-4' }),
  sessionView('coming', { ...silent, state: 'Starting', node: 'node-4' }),
  sessionView('here', { name: 'plots', ide: 'vscode' }),
  sessionView('there', { node: 'node-3', ide: 'rstudio', state: 'Idle' }),
]
const ONE = [clusterNode('node-1', { self: true, roundTripMs: null })]
const THREE = [
  ...ONE,
  clusterNode('node-2', { draining: true, sessions: 0 }),
  ...someNodes()
    .filter(({ state }) => state === 'lost')
    .map((node) => ({ ...node, name: 'node-3' })),
]

const cluster = { path: '/cluster', heading: 'Cluster' }
const SCENES: readonly Scene[] = [
  { name: 'cluster', ...cluster, answers: { nodes: someNodes() } },
  {
    name: 'cluster-three',
    ...cluster,
    answers: { nodes: THREE, nodeSessions: nodeSessions() },
    show: async (page) => {
      await page.getByRole('button', { name: '4 sessions of node-1' }).click()
      await page.getByRole('table', { name: 'Sessions of node-1' }).waitFor()
    },
  },
  { name: 'cluster-one', ...cluster, answers: { nodes: ONE } },
  {
    name: 'cluster-drain',
    ...cluster,
    answers: { nodes: THREE },
    heading: 'Drain node-1?',
    show: (page) => page.getByRole('button', { name: 'Drain node-1', exact: true }).click(),
  },
  {
    name: 'cluster-remove-refused',
    ...cluster,
    answers: { nodes: someNodes() },
    heading: 'Remove node-4?',
    show: async (page) => {
      await page.getByRole('button', { name: 'Remove node-4' }).click()
      await page.getByRole('button', { name: 'Remove', exact: true }).click()
      await page.getByText('node-4 could not be removed').waitFor()
    },
  },
  {
    name: 'cluster-error',
    ...cluster,
    answers: { nodes: 'unavailable' },
    show: (page) => page.getByText('The nodes could not be read').waitFor(SLOW),
  },
  { name: 'home-cluster', path: '/', heading: 'Sessions' },
  { name: 'start-lost', path: '/sessions/lost', heading: /server of thesis is lost/ },
  { name: 'start-unreachable', path: '/sessions/coming', heading: 'Starting JupyterLab' },
]

t.test('a cluster in the browser', async (t) => {
  const { address, signInLink, directory } = await startTestAtelier(t)
  const { page, context, screenshot, ownErrors } = await openBrowser(t)
  await page.goto(signInLink)
  await page.getByRole('heading', { name: 'Start your first session' }).waitFor(SLOW)

  await t.test('nodes come and go on the page by themselves', async (t) => {
    const tell = (sql: string) => withBuiltInDatabase(directory, (client) => client.query(sql))
    const row = page.getByRole('row', { name: 'node-gone' })
    await page.getByRole('button', { name: /: menu$/ }).click()
    await page.getByRole('menuitem', { name: 'Cluster' }).click()
    await page.getByRole('heading', { name: 'Cluster' }).waitFor(SLOW)
    await tell(
      `insert into atelier.nodes (name, installation, boot_id, url, version, lease_until, left_at)
       values ('node-gone', 'x', 'y', 'http://127.0.0.1:1', '1.0.0', now(), now())`,
    )
    await row.getByText('Offline').waitFor(SLOW)
    await page.getByRole('button', { name: '0 sessions of node-gone' }).click()
    await page.getByText('It has no sessions.').waitFor(SLOW)
    await page.getByRole('button', { name: 'Remove node-gone' }).click()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await row.waitFor({ state: 'detached', ...SLOW })
    t.strictSame(ownErrors, [])
  })

  await t.test('a node is drained and undrained with the keyboard alone', async () => {
    const page = await context.newPage()
    await answerWith(page, { nodes: THREE })
    await page.goto(`${address}/cluster`)
    await page.getByRole('button', { name: 'Drain node-1', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('No other node takes new sessions').waitFor()
    const focused = async (label: string) => {
      const code = 'document.activeElement.ariaLabel ?? document.activeElement.textContent'
      return (await page.evaluate<string>(code)) === label
    }
    await until(() => focused('Cancel'))
    await page.keyboard.press('Tab')
    await until(() => focused('Drain'))
    await page.keyboard.press('Enter')
    await until(() => focused('Undrain node-1'))
    await page.keyboard.press('Enter')
    await until(() => focused('Drain node-1'))
    await page.close()
  })

  await t.test('a lost session is started again elsewhere with one click', async () => {
    const page = await context.newPage()
    await answerWith(page, { sessions: SESSIONS })
    await page.goto(address)
    await page.getByText(/^Its server node-2 is lost since/).waitFor(SLOW)
    await page
      .getByText('Its server node-4 does not answer. It comes back by itself.')
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Start again elsewhere: thesis' }).click()
    await page.getByRole('link', { name: 'Progress of thesis' }).waitFor()
    await page.close()
  })

  await t.test('nothing has to be scrolled sideways, whatever the width', async (t) => {
    const page = await context.newPage()
    await answerWith(page, { nodes: someNodes(), nodeSessions: nodeSessions() })
    await page.goto(`${address}/cluster`)
    await page.getByRole('button', { name: '12 sessions of node-1' }).click(SLOW)
    await page.getByRole('table', { name: 'Sessions of node-1' }).waitFor()
    for (const width of [1600, 1281, 1280, 1100, 1000, 993, 992, 640, 400, 320]) {
      await page.setViewportSize({ width, height: 800 })
      t.equal(await overflowOf(page), 0, `${width} px`)
      if (width === 993 || width === 640) await screenshot(page, `cluster-${width}`)
    }
    await page.close()
  })

  for (const scene of SCENES) {
    const answers = { sessions: SESSIONS, ...scene.answers }
    const stage = { address, context, screenshot }
    await t.test(scene.name, (t) => checkScene(t, stage, { ...scene, answers }))
  }
})
