import type { Page } from 'playwright-core'
import t from 'tap'
import { startTestAtelier } from '../fixtures/atelier.ts'
import { signIn } from '../fixtures/api.ts'
import { openBrowser } from '../fixtures/browser.ts'
import { misbehavingIde } from '../fixtures/misbehaving-ide.ts'
import { until } from '../fixtures/until.ts'
import { answerWith, manySessions } from './scenes.ts'

const SLOW = { timeout: 60_000 }

t.test('all can be done without a mouse', async (t) => {
  // An IDE that never answers: its start page stays, and stopping it is quick.
  const ide = await misbehavingIde(t.testdir())
  await ide.change('exec sleep 1000')
  const atelier = await startTestAtelier(t, [
    `ides.directory="${ide.directory}"`,
    'ides.install=false',
  ])
  const { page, context, screenshot, ownErrors } = await openBrowser(t)
  await page.goto(atelier.signInLink)
  await page.getByRole('heading', { name: 'Start your first session' }).waitFor(SLOW)

  await t.test('the first Tab leads past the header', async (t) => {
    await page.reload()
    await page.getByRole('heading', { name: 'Start your first session' }).waitFor(SLOW)
    await tabTo(page, 'Skip to content', 'Shift+Tab')
    await page.keyboard.press('Enter')
    await tabTo(page, 'New session')
    t.pass('and from there to the button')
  })

  await t.test('starts and stops a session', async (t) => {
    await page.keyboard.press('n')
    const dialog = page.getByRole('dialog', { name: 'New session' })
    await dialog.locator('button[type=submit]:not([disabled])').waitFor(SLOW)
    await tabTo(page, 'Name (optional)')
    await page.keyboard.type('keys n / ?')
    t.equal(await page.getByRole('dialog').count(), 1, 'no shortcut fires while typing')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Starting keys n / ?' }).waitFor(SLOW)
    await tabTo(page, 'Back to my sessions')
    await page.keyboard.press('Enter')
    await page.getByRole('row', { name: 'keys n / ?' }).waitFor(SLOW)
    await tabTo(page, 'More actions for keys n / ?')
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Force stop' }).waitFor()
    await focused(page, 'Force stop…')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Force stop' }).waitFor()
    await tabTo(page, 'Force stop')
    await page.keyboard.press('Enter')
    await page.getByRole('row').getByText('Stopped').first().waitFor(SLOW)
    await until(() => page.evaluate<boolean>('document.activeElement !== document.body'))
    t.pass('and the focus is not lost')
  })

  await t.test('creates and revokes a token that works', async (t) => {
    await tabTo(page, /: menu$/, 'Shift+Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'API tokens' }).waitFor()
    await pressUntil(page, 'ArrowDown', 'API tokens')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'You have no tokens' }).waitFor(SLOW)
    await tabTo(page, 'New token')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'New token' }).waitFor()
    await focused(page, 'Name')
    await page.keyboard.type('by keys')
    await tabTo(page, 'Sessions')
    await page.keyboard.press('Space')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Copy token' }).waitFor(SLOW)
    const token = (await page.getByRole('dialog').locator('code').first().textContent()) ?? ''
    await screenshot(page, 'token-created')
    const asked = () =>
      fetch(`${atelier.address}/api/v1/sessions`, { headers: { authorization: `Bearer ${token}` } })
    t.equal((await asked()).status, 200, 'the token opens the API')
    await tabTo(page, 'I have copied it')
    await page.keyboard.press('Enter')
    await page.getByRole('row', { name: 'by keys' }).waitFor(SLOW)
    await until(async () => !(await page.content()).includes(token))
    t.pass('the token is shown once')

    await tabTo(page, 'Revoke by keys')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Revoke by keys?' }).waitFor()
    await tabTo(page, 'Revoke')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'You have no tokens' }).waitFor(SLOW)
    t.equal((await asked()).status, 401, 'and no longer does')
    await until(() => page.evaluate<boolean>('document.activeElement.tagName === "H1"'))
    t.pass('the focus is on the heading')
  })

  await t.test('finds, selects and stops several of many', async (t) => {
    const many = await context.newPage()
    await answerWith(many, { sessions: manySessions(500), failing: ['many1'] })
    await many.goto(`${atelier.address}/?state=running`)
    await many.getByText('358 of 500 sessions').waitFor(SLOW)
    await many.keyboard.press('/')
    await focused(many, 'Search sessions')
    await many.keyboard.type('plots')
    await until(() => many.url().endsWith('/?q=plots&state=running'))
    await many.reload()
    await many.getByText(/^\d+ of 500 sessions$/).waitFor(SLOW)
    t.equal(await many.getByRole('textbox', { name: 'Search sessions' }).inputValue(), 'plots')

    await many.goto(`${atelier.address}/?sort=name`)
    await many.getByRole('row', { name: 'analysis 0', exact: true }).waitFor(SLOW)
    await many.getByRole('checkbox', { name: 'Select analysis 0', exact: true }).click()
    await many
      .getByRole('checkbox', { name: 'Select analysis 16', exact: true })
      .click({ modifiers: ['Shift'] })
    await many.getByText('5 selected').waitFor()
    await many.goto(`${atelier.address}/?q=thesis`)
    await many.getByRole('checkbox', { name: 'Select all shown' }).check(SLOW)
    await many.getByRole('button', { name: /^Stop \d+ sessions…$/ }).press('Enter')
    const dialog = many.getByRole('dialog')
    await dialog.getByText('This cannot be undone').waitFor()
    await dialog.getByText('Still computing').waitFor()
    await dialog.getByRole('button', { name: /^Stop \d+ sessions$/ }).press('Enter')
    await dialog.getByText('1 session failed').waitFor(SLOW)
    t.match(await dialog.textContent(), /wrap 1: The Launcher is unavailable/)
    await many.close()
  })

  await t.test('hears of a sign-out in another tab, and comes back', async (t) => {
    const other = await context.newPage()
    await other.goto(`${atelier.address}/settings`)
    await other.getByRole('heading', { name: 'Settings', exact: true }).waitFor(SLOW)
    await tabTo(page, /: menu$/, 'Shift+Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Sign out', exact: true }).press('Enter')
    await page.getByText('You are signed out.').waitFor(SLOW)
    await other.getByText('You signed out in another tab.').waitFor(SLOW)
    t.equal(new URL(other.url()).pathname, '/sign-in')
  })

  t.strictSame(
    // A sign-out ends the streams of events in the middle.
    ownErrors.filter((error) => !/status of (401|404|503)|events: .*CHUNKED/.test(error)),
    [],
    'no error in the console',
  )
})

t.test('rubbish in the storage, and a server that is away, do no harm', async (t) => {
  const atelier = await startTestAtelier(t)
  const { page } = await openBrowser(t)
  const { cookie } = await signIn(atelier.signInLink)
  const [name = '', value = ''] = cookie.split('=')
  await page.context().addCookies([{ name, value, url: atelier.address }])
  await page.addInitScript('localStorage.setItem("atelier-settings", "{\\"colours\\":[7]")')
  await page.goto(`${atelier.address}/settings`)
  await page.getByRole('radio', { name: 'Dark' }).check(SLOW)
  t.equal(await page.locator('html').getAttribute('data-mantine-color-scheme'), 'dark')

  const { host } = new URL(atelier.address)
  await page.route(`http://${host}/api/**`, (route) => route.abort())
  await atelier.kill('node')
  await page.getByText('The server cannot be reached.').waitFor(SLOW)
  await page.unroute(`http://${host}/api/**`)
  await page.getByRole('button', { name: 'Try now' }).press('Enter')
  await page.getByText('The server answers again.').waitFor(SLOW)
})

/** Presses Tab until the element with this name has the focus. */
async function tabTo(page: Page, name: string | RegExp, key = 'Tab'): Promise<void> {
  await pressUntil(page, key, name)
}

async function pressUntil(page: Page, key: string, name: string | RegExp): Promise<void> {
  const seen: string[] = []
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press(key)
    const now = await focusedName(page)
    seen.push(now)
    if (typeof name === 'string' ? now === name : name.test(now)) return
  }
  throw new Error(`${key} never led to ${name}, but to: ${seen.join(', ')}`)
}

async function focused(page: Page, name: string): Promise<void> {
  await until(async () => (await focusedName(page)) === name, 20_000, `the focus on ${name}`)
}

function focusedName(page: Page): Promise<string> {
  return page.evaluate<string>(`(() => {
    const it = document.activeElement
    return it.getAttribute('aria-label') ?? it.labels?.[0]?.textContent.replace(/ ?\\*$/, '') ?? it.textContent.trim()
  })()`)
}
