import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { signIn } from '../fixtures/api.ts'
import { dataDirectory, startTestAtelier } from '../fixtures/atelier.ts'
import { openBrowser } from '../fixtures/browser.ts'
import { until } from '../fixtures/until.ts'

const SLOW = { timeout: 120_000 }
const PATIENT = 150_000

t.test('a forgotten tab keeps no session alive, somebody who types does', async (t) => {
  const directory = await dataDirectory(t)
  const configFile = join(directory, 'atelier.toml')
  const stopAfter = (seconds: number) =>
    writeFile(
      configFile,
      `[sessions]\nidle_after_seconds = 5\nstop_idle_after_seconds = ${seconds}\n`,
    )
  await stopAfter(0)
  const atelier = await startTestAtelier(t, [], { configFile })
  const user = await signIn(atelier.signInLink)
  const { context, page: home, screenshot } = await openBrowser(t)
  const [name = '', value = ''] = user.cookie.split('=')
  await context.addCookies([{ name, value, url: user.address }])

  const [jupyter, vscode, control] = await Promise.all([
    user.start('jupyterlab', 'Active', { name: 'Lab' }),
    user.start('vscode', 'Active', { name: 'Code' }),
    user.start('jupyter-notebook', 'Active', { name: 'Nobody' }),
  ])
  const lab = await context.newPage()
  await lab.goto(`${user.address}${jupyter.url}lab?reset`)
  await lab.locator('.jp-LauncherCard[data-category="Other"]').first().click(SLOW)
  await lab.locator('.jp-Terminal .xterm-screen').first().click(SLOW)
  const code = await context.newPage()
  await code.goto(user.address + vscode.url)
  await code.locator('.monaco-workbench .explorer-folders-view').waitFor(SLOW)
  await code.keyboard.press('Control+Backquote')
  const terminal = '.terminal-wrapper.active'
  await code.locator(`${terminal} .xterm-rows`).getByText('$').first().waitFor(SLOW)
  await code.locator(`${terminal} textarea.xterm-helper-textarea`).focus()

  await stopAfter(25)
  atelier.hangUp()
  await home.goto(user.address)
  const row = home.getByRole('row', { name: 'Nobody', exact: true })
  await row.getByText(/Stops in less than a minute, unused/).waitFor(SLOW)
  await screenshot(home, 'home-stops-soon')

  await t.test('somebody who types keeps both', async (t) => {
    const began = Date.now()
    await until(async () => {
      for (const page of [lab, code]) {
        await page.locator('textarea.xterm-helper-textarea').first().focus()
        await page.keyboard.type('a')
      }
      return Date.now() - began > 30_000 && (await user.session(control.id)).state === 'Stopped'
    }, PATIENT)
    for (const { id } of [jupyter, vscode]) {
      const { state, lastUsedAt } = await user.session(id)
      t.equal(state, 'Active')
      t.ok(Date.parse(lastUsedAt) - began > 20_000, 'by what was typed')
    }
  })

  await t.test('when nobody types any more both end, with their tabs open', async (t) => {
    const idle = await until(async () => {
      const both = await Promise.all([jupyter, vscode].map(({ id }) => user.session(id)))
      return both.every(({ state }) => state === 'Idle') && both
    }, PATIENT)
    t.comment(
      'CPU of idle sessions with an open tab',
      idle.map(({ ide, cpuPercent }) => [ide, cpuPercent]),
    )
    for (const { id } of [jupyter, vscode]) {
      await until(async () => (await user.session(id)).state === 'Stopped', PATIENT)
      t.equal((await user.session(id)).reason, 'Stopped after 25 seconds without use.')
    }
    t.ok(!lab.isClosed() && !code.isClosed())
    await home.getByText('Stopped after 25 seconds without use.').first().waitFor(SLOW)
  })

  await t.test('one can be kept with the menu, and no longer', async (t) => {
    await stopAfter(0)
    atelier.hangUp()
    const session = await user.start('jupyterlab', 'Idle', { name: 'Kept' })
    const kept = home.getByRole('row', { name: 'Kept', exact: true })
    await kept.getByRole('button', { name: 'More actions for Kept' }).click(SLOW)
    await home.getByRole('menuitem', { name: 'Keep until…' }).click(SLOW)
    const dialog = home.getByRole('dialog', { name: 'Keep Kept until…' })
    await dialog.getByRole('button', { name: /^For 1 hour/ }).waitFor(SLOW)
    await screenshot(home, 'home-keep')
    await dialog.getByRole('button', { name: /^For 1 hour/ }).click()
    await kept.getByText(/^Kept until /).waitFor(SLOW)
    const { keepUntil } = await user.session(session.id)
    t.ok(Date.parse(keepUntil ?? '') > Date.now() + 3_000_000)
    await screenshot(home, 'home-kept')
    await kept.getByRole('button', { name: 'Do not keep Kept any longer' }).click()
    await until(async () => (await user.session(session.id)).keepUntil === null)
    await kept.getByText(/^Kept until /).waitFor({ ...SLOW, state: 'detached' })
  })
})
