import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { startTestAtelier } from '../fixtures/atelier.ts'
import { axeViolations, overflowOf } from '../fixtures/axe.ts'
import { openBrowser } from '../fixtures/browser.ts'
import {
  answerWith,
  clusterNode,
  manySessions,
  nodeSessions,
  sessionView,
  someNodes,
  someTokens,
} from './scenes.ts'

const SLOW = { timeout: 60_000 }
const STATES = [
  sessionView('starting', { state: 'Starting', name: 'analysis' }),
  sessionView('lost', { state: 'Lost', name: 'thesis', node: 'node-2', reachable: false }),
  sessionView('stopping', { state: 'Stopping' }),
  sessionView('stopped', { state: 'Stopped', reason: 'Stopped by you.' }),
  sessionView('failed', {
    state: 'Failed',
    reason: 'The IDE ended with exit code 1 before it answered.',
    logTail: 'Traceback (most recent call last):\nModuleNotFoundError: No module named jupyter',
  }),
]

/** A page or dialog of the UI: its address, what the API answers, and how to get it on the screen. */
interface Scene {
  readonly name: string
  readonly path: string
  readonly answers?: Parameters<typeof answerWith>[1]
  readonly show?: (page: Page) => Promise<void>
  /** What is there when the scene is complete: the name of a heading or a dialog. */
  readonly heading: string | RegExp
}

const many = { sessions: manySessions(14), failing: ['many1'] }
const heading = { heading: 'Sessions' }
const SCATTERED = [
  ...STATES.filter(({ id }) => id === 'lost'),
  sessionView('away', { name: 'model', node: 'node-2', reachable: false }),
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
const SCENES: readonly Scene[] = [
  { name: 'home-empty', path: '/', answers: { sessions: [] }, heading: /first session/ },
  { name: 'home-few', path: '/', answers: { sessions: manySessions(4) }, ...heading },
  { name: 'home-cluster', path: '/', answers: { sessions: SCATTERED }, ...heading },
  { name: 'home-many', path: '/', answers: many, ...heading },
  { name: 'home-sorted', path: '/?sort=-cpu&state=running', answers: many, ...heading },
  { name: 'home-no-match', path: '/?q=nonesuch', answers: many, heading: 'No session matches' },
  {
    name: 'user-menu',
    path: '/',
    answers: many,
    heading: 'Sessions',
    show: async (page) => {
      await page.getByRole('button', { name: /: menu$/ }).click()
      await page.getByRole('menuitem', { name: 'API tokens' }).waitFor()
    },
  },
  {
    name: 'row-menu',
    path: '/',
    answers: many,
    heading: 'Sessions',
    show: async (page) => {
      await page.getByRole('button', { name: 'More actions for analysis 0' }).click()
      await page.getByRole('menuitem', { name: 'Force stop' }).waitFor()
    },
  },
  {
    name: 'new-session',
    path: '/',
    answers: many,
    heading: 'New session',
    show: async (page) => {
      await page.keyboard.press('n')
      await page.getByRole('radio', { name: 'JupyterLab', exact: true }).waitFor(SLOW)
      await page.getByRole('group', { name: 'Versions' }).waitFor(SLOW)
    },
  },
  { name: 'bulk-question', path: '/', answers: many, heading: /^Stop \d/, show: askToStop },
  {
    name: 'bulk-failed',
    path: '/',
    answers: many,
    heading: /^Stopping/,
    show: async (page) => {
      await askToStop(page)
      await page.getByRole('button', { name: /^Stop \d+ sessions$/ }).click()
      await page.getByText('1 session failed').waitFor()
    },
  },
  {
    name: 'shortcuts',
    path: '/',
    answers: many,
    heading: 'Keyboard shortcuts',
    show: (page) => page.keyboard.press('?'),
  },
  { name: 'tokens-empty', path: '/tokens', answers: { tokens: [] }, heading: /no tokens/ },
  { name: 'tokens', path: '/tokens', answers: { tokens: someTokens() }, heading: 'API tokens' },
  {
    name: 'new-token',
    path: '/tokens',
    answers: { tokens: someTokens() },
    heading: 'New token',
    show: async (page) => {
      await page.getByRole('button', { name: 'New token' }).click()
      await page.getByRole('button', { name: 'Create token' }).click()
      await page.getByText('Give it a name').waitFor()
    },
  },
  {
    name: 'token-created',
    path: '/tokens',
    answers: { tokens: someTokens() },
    heading: 'Token nightly',
    show: async (page) => {
      await page.getByRole('button', { name: 'New token' }).click()
      await page.getByRole('textbox', { name: 'Name' }).fill('nightly')
      await page.getByRole('button', { name: 'Create token' }).click()
      await page.getByRole('button', { name: 'Copy token' }).waitFor()
    },
  },
  { name: 'cluster', path: '/cluster', answers: { nodes: someNodes() }, heading: 'Cluster' },
  {
    name: 'cluster-three',
    path: '/cluster',
    answers: { nodes: THREE, nodeSessions: nodeSessions() },
    heading: 'Cluster',
    show: async (page) => {
      await page.getByRole('button', { name: '4 sessions of node-1' }).click()
      await page.getByRole('table', { name: 'Sessions of node-1' }).waitFor()
    },
  },
  { name: 'cluster-one', path: '/cluster', answers: { nodes: ONE }, heading: 'Cluster' },
  {
    name: 'cluster-drain',
    path: '/cluster',
    answers: { nodes: THREE },
    heading: 'Drain node-1?',
    show: (page) => page.getByRole('button', { name: 'Drain node-1' }).click(),
  },
  {
    name: 'cluster-remove-refused',
    path: '/cluster',
    answers: { nodes: THREE },
    heading: 'Remove node-3?',
    show: async (page) => {
      await page.getByRole('button', { name: 'Remove node-3' }).click()
      await page.getByRole('button', { name: 'Remove', exact: true }).click()
      await page.getByText('node-3 could not be removed').waitFor()
    },
  },
  {
    name: 'cluster-error',
    path: '/cluster',
    answers: { nodes: 'unavailable' },
    heading: 'Cluster',
    show: (page) => page.getByText('The nodes could not be read').waitFor(SLOW),
  },
  { name: 'settings', path: '/settings', heading: 'Settings' },
  { name: 'start-starting', path: '/sessions/starting', heading: 'Starting analysis' },
  { name: 'start-stopping', path: '/sessions/stopping', heading: 'Stopping JupyterLab' },
  { name: 'start-stopped', path: '/sessions/stopped', heading: 'JupyterLab has stopped' },
  { name: 'start-failed', path: '/sessions/failed', heading: 'JupyterLab failed' },
  { name: 'start-lost', path: '/sessions/lost', heading: /server of thesis is lost/ },
  { name: 'start-missing', path: '/sessions/gone', heading: 'There is no such session' },
  { name: 'not-found', path: '/nonesuch/page', heading: 'There is nothing at this address' },
  {
    name: 'proxy-unreachable',
    path: '/s/broken/?code=IDE_UNREACHABLE',
    heading: 'The session does not answer.',
  },
  { name: 'proxy-missing', path: '/s/broken/?code=SESSION_NOT_FOUND', heading: /no such session/ },
]

t.test('every page can be used by everybody (WCAG 2.2 AA, by axe)', async (t) => {
  const atelier = await startTestAtelier(t)
  const { page, context, screenshot } = await openBrowser(t)

  await t.test('sign-in', async (t) => {
    await page.goto(`${atelier.address}/sign-in`)
    await page.getByRole('heading', { name: 'Sign in to Atelier' }).waitFor(SLOW)
    await check(t, page, 'sign-in')
  })
  await page.goto(atelier.signInLink)
  await page.getByRole('heading', { name: 'Start your first session' }).waitFor(SLOW)

  for (const scene of SCENES) {
    await t.test(scene.name, async (t) => {
      for (const width of [1280, 320]) {
        const page = await context.newPage()
        await page.setViewportSize({ width, height: 800 })
        await page.emulateMedia({ reducedMotion: 'reduce' })
        await answerWith(page, { sessions: STATES, ...scene.answers })
        await page.goto(atelier.address + scene.path)
        await page.getByRole('heading').first().waitFor(SLOW)
        await scene.show?.(page)
        await page.getByRole('heading', { name: scene.heading }).waitFor(SLOW)
        await check(t, page, `${scene.name}-${width}`)
        await page.close()
      }
    })
  }

  async function check(t: Test, page: Page, name: string): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      t.strictSame(await axeViolations(page), [], `${name} in ${colorScheme}`)
      t.equal(await page.getByRole('heading', { level: 1 }).count(), 1, `${name} has one h1`)
      t.equal(await overflowOf(page), 0, `${name} is not wider than the window`)
      await screenshot(page, `a11y-${name}-${colorScheme}`)
    }
  }
})

async function askToStop(page: Page): Promise<void> {
  await page.getByRole('checkbox', { name: 'Select all shown' }).check(SLOW)
  await page.getByRole('button', { name: /^Stop \d+ sessions…$/ }).click()
  await page.getByRole('dialog').waitFor()
}
