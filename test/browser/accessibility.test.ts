import type { Page } from 'playwright-core'
import t from 'tap'
import { startTestAtelier } from '../fixtures/atelier.ts'
import { openBrowser } from '../fixtures/browser.ts'
import { checkPage, checkScene, type Scene } from './scene-check.ts'
import { manySessions, sessionView, someTokens } from './scenes.ts'

const SLOW = { timeout: 60_000 }
const STATES = [
  sessionView('starting', { state: 'Starting', name: 'analysis' }),
  sessionView('stopping', { state: 'Stopping' }),
  sessionView('stopped', { state: 'Stopped', reason: 'Stopped by you.' }),
  sessionView('failed', {
    state: 'Failed',
    reason: 'The IDE ended with exit code 1 before it answered.',
    logTail: 'Traceback (most recent call last):\nModuleNotFoundError: No module named jupyter',
  }),
]

const many = { sessions: manySessions(14), failing: ['many1'] }
const heading = { heading: 'Sessions' }
const SCENES: readonly Scene[] = [
  { name: 'home-empty', path: '/', answers: { sessions: [] }, heading: /first session/ },
  { name: 'home-few', path: '/', answers: { sessions: manySessions(4) }, ...heading },
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
  { name: 'settings', path: '/settings', heading: 'Settings' },
  { name: 'start-starting', path: '/sessions/starting', heading: 'Starting analysis' },
  { name: 'start-stopping', path: '/sessions/stopping', heading: 'Stopping JupyterLab' },
  { name: 'start-stopped', path: '/sessions/stopped', heading: 'JupyterLab has stopped' },
  { name: 'start-failed', path: '/sessions/failed', heading: 'JupyterLab failed' },
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
  const { address, signInLink } = await startTestAtelier(t)
  const { page, context, screenshot } = await openBrowser(t)
  const stage = { address, context, screenshot }

  await t.test('sign-in', async (t) => {
    await page.goto(`${address}/sign-in`)
    await page.getByRole('heading', { name: 'Sign in to Atelier' }).waitFor(SLOW)
    await checkPage(t, stage, page, 'sign-in')
  })
  await page.goto(signInLink)
  await page.getByRole('heading', { name: 'Start your first session' }).waitFor(SLOW)

  for (const scene of SCENES) {
    const answers = { sessions: STATES, ...scene.answers }
    await t.test(scene.name, (t) => checkScene(t, stage, { ...scene, answers }))
  }
})

async function askToStop(page: Page): Promise<void> {
  await page.getByRole('checkbox', { name: 'Select all shown' }).check(SLOW)
  await page.getByRole('button', { name: /^Stop \d+ sessions…$/ }).click()
  await page.getByRole('dialog').waitFor()
}
