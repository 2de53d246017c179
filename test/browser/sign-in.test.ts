import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { isRoot, makeAccount } from '../fixtures/accounts.ts'
import { type TestBrowser, openBrowser } from '../fixtures/browser.ts'
import { startTestCluster } from '../fixtures/cluster.ts'
import { BY_PASSWORD, makePamService } from '../fixtures/pam-service.ts'
import { signInByPassword } from '../fixtures/sign-in.ts'
import { json, refuse } from './answers.ts'
import { checkPage } from './scene-check.ts'

const SLOW = { timeout: 60_000 }

t.test('people sign in by user name and password', { skip: !isRoot }, async (t) => {
  const account = await makeAccount(t)
  const { nodes } = await startTestCluster(t, {
    nodes: 1,
    settings: {
      auth: { method: 'pam' },
      launcher: { pam_service: makePamService(t, ...BY_PASSWORD) },
    },
  })
  const address = nodes[0]?.address ?? ''
  const browser = await openBrowser(t)
  const { page, ownErrors } = browser
  const heading = (name: string) => page.getByRole('heading', { name, exact: true })
  const password = page.getByLabel('Password', { exact: true })

  await t.test('by keyboard, and are where they wanted to be', async (t) => {
    await page.goto(`${address}/settings`)
    await heading('Sign in to Atelier').waitFor(SLOW)
    const user = page.getByLabel('User name')
    t.equal(await user.getAttribute('autocomplete'), 'username')
    t.equal(await password.getAttribute('autocomplete'), 'current-password')
    await checkBoth(t, browser, page, 'sign-in-password')
    await user.focus()
    await page.keyboard.type(account.name)
    await page.keyboard.press('Enter')
    t.equal(await focused(page), 'password', 'what is missing is asked for')
    await page.keyboard.type('wrong')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('The user name or the password is wrong.').waitFor(SLOW)
    t.equal(await focused(page), 'password', 'to be typed again')
    await checkBoth(t, browser, page, 'sign-in-refused')
    await page.keyboard.type(account.password)
    await page.keyboard.press('Enter')
    await heading('Settings').waitFor(SLOW)
    t.equal(new URL(page.url()).pathname, '/settings')
  })

  await t.test('see who they are, and of the cluster nothing', async (t) => {
    await page.getByRole('button', { name: /: menu$/ }).click()
    await page.getByText(`${account.name}, user`).waitFor()
    await page.getByRole('menuitem', { name: 'API tokens' }).waitFor()
    t.equal(await page.getByRole('menuitem', { name: 'Cluster' }).count(), 0)
    await browser.screenshot(page, 'menu-of-a-user')
    await page.goto(`${address}/cluster`)
    await heading('Only administrators see the cluster').waitFor(SLOW)
    await checkBoth(t, browser, page, 'cluster-for-users')
  })

  await t.test('are told when they were signed out elsewhere, and come back', async (t) => {
    await page.goto(`${address}/tokens`)
    await heading('You have no tokens').or(page.getByText('no tokens').first()).waitFor(SLOW)
    const other = await signInByPassword(address, account)
    const { status } = await other.ask('POST', '/api/v1/sign-out', { everywhere: true })
    t.equal(status, 204)
    await page.getByText('You are no longer signed in on this server.').waitFor(SLOW)
    await browser.screenshot(page, 'signed-out-elsewhere')
    await page.getByLabel('User name').fill(account.name)
    await password.fill(account.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { level: 1, name: /tokens/i }).waitFor(SLOW)
    t.equal(new URL(page.url()).pathname, '/tokens')
  })

  await t.test('sign out everywhere', async (t) => {
    await page.getByRole('button', { name: /: menu$/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out everywhere' }).click()
    await page.getByText('You are signed out in this browser and in all others.').waitFor(SLOW)
    await page.goto(`${address}/`)
    await heading('Sign in to Atelier').waitFor(SLOW)
    t.equal(
      await page
        .context()
        .cookies()
        .then((all) => all.length),
      0,
    )
  })

  await t.test('by a proxy in front, without a click', async (t) => {
    let signedIn = false
    const proxied = await browser.context.newPage()
    await proxied.route('**/api/v1/sign-in', (route) =>
      json(route, 200, {
        method: 'proxied',
        signInUrl: 'https://sso.example.com/',
        signOutUrl: null,
      }),
    )
    await proxied.route('**/api/v1/sign-in/proxied', async (route) => {
      if (!signedIn) return refuse(route, 'NOT_SIGNED_IN')
      const { cookie } = await signInByPassword(address, account)
      return route.fulfill({ status: 204, headers: { 'set-cookie': `${cookie}; Path=/` } })
    })
    await proxied.goto(`${address}/settings`)
    const link = proxied.getByRole('link', { name: 'Go to the sign-in page' })
    await link.waitFor(SLOW)
    t.equal(await link.getAttribute('href'), 'https://sso.example.com/')
    await checkBoth(t, browser, proxied, 'sign-in-proxied')
    await proxied.getByRole('button', { name: 'Try again' }).waitFor()
    signedIn = true
    await proxied.reload()
    await proxied.getByRole('heading', { name: 'Settings', exact: true }).waitFor(SLOW)
  })

  t.strictSame(
    ownErrors.filter((error) => !/status of (401|403)|INCOMPLETE_CHUNKED/.test(error)),
    [],
    'no error in the console',
  )
})

/** On a large screen, and on one that is as narrow as a window at 400 %. */
async function checkBoth(t: Test, browser: TestBrowser, page: Page, name: string): Promise<void> {
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 800 })
    await checkPage(t, browser, page, `${name}-${width}`)
  }
  await page.setViewportSize({ width: 1280, height: 800 })
}

async function focused(page: Page): Promise<string | null> {
  return page.locator(':focus').getAttribute('name')
}
