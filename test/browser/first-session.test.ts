import type { Locator } from 'playwright-core'
import t from 'tap'
import { jobProcesses, startTestAtelier } from '../fixtures/atelier.ts'
import { openBrowser } from '../fixtures/browser.ts'
import { until } from '../fixtures/until.ts'

const SLOW = { timeout: 90_000 }

t.test(
  'a person signs in, runs a cell in Jupyter and a command in VS Code, and stops both',
  async (t) => {
    const atelier = await startTestAtelier(t)
    const { page, screenshot, ownErrors } = await openBrowser(t)

    await t.test('signs in with the link of the terminal', async (t) => {
      await page.goto(atelier.signInLink)
      await page.getByRole('heading', { name: 'Start your first session' }).waitFor(SLOW)
      t.equal(new URL(page.url()).hash, '', 'the token is gone from the address bar')
      await screenshot(page, 'home-empty')
    })

    await t.test('runs a cell in JupyterLab', async (t) => {
      await startSession('JupyterLab', 'analysis')
      await page.waitForURL(/\/s\/[a-z0-9]+\/lab/, SLOW)
      // The account's workspace of an earlier run would open instead of the launcher.
      await page.goto(page.url().replace(/\/lab.*/, '/lab?reset'))
      await page.locator('.jp-LauncherCard[data-category="Notebook"]').first().click(SLOW)
      const cell = page.locator('.jp-Notebook .jp-CodeCell .cm-content').first()
      await cell.click(SLOW)
      await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor(SLOW)
      await page.keyboard.type('import getpass; print("cell", 6 * 7, getpass.getuser())')
      await page.keyboard.press('Shift+Enter')
      const output = page.locator('.jp-OutputArea-output').first()
      await output.getByText('cell 42').waitFor(SLOW)
      await screenshot(page, 'jupyterlab-cell')
      t.match(await output.textContent(), /cell 42 \S+/)
    })

    await t.test('has the tab work again by itself after the node was killed', async (t) => {
      await atelier.kill('node')
      const cell = page.locator('.jp-Notebook .jp-CodeCell .cm-content').last()
      await cell.click()
      await page.keyboard.type('print("again", 6 * 9)')
      const output = page.locator('.jp-OutputArea-output', { hasText: 'again 54' }).first()
      await until(async () => {
        await page.keyboard.press('Control+Enter')
        return isThere(output, 3000)
      })
      await screenshot(page, 'jupyterlab-after-kill')
      t.pass('the cell was run in the same page, without a reload')
    })

    await t.test('runs a command in the terminal of VS Code', async (t) => {
      await page.goto(atelier.address)
      await startSession('VS Code', '')
      await page.waitForURL(/\/s\/[a-z0-9]+\//, SLOW)
      await page.locator('.monaco-workbench .explorer-folders-view').waitFor(SLOW)
      await page.keyboard.press('Control+Backquote')
      const terminal = page.locator('.terminal-wrapper.active .xterm-rows')
      await terminal.getByText('$').first().waitFor(SLOW)
      // VS Code may still open a view of its own, which takes the focus away.
      await until(async () => {
        await page.locator('.terminal-wrapper.active textarea.xterm-helper-textarea').focus()
        await page.keyboard.type('echo terminal-$((6*7)) $(id -un)\n')
        return isThere(terminal.getByText(/^terminal-42 /).first(), 5000)
      })
      await screenshot(page, 'vscode-terminal')
      t.match(await terminal.textContent(), /terminal-42/)
    })

    await t.test('sees both on the home page and stops them', async () => {
      await page.goto(atelier.address)
      for (const name of ['analysis', 'VS Code']) {
        const row = page.getByRole('row', { name, exact: true })
        await row.getByText('Active').waitFor(SLOW)
        await row
          .getByText(/MB|MiB/)
          .first()
          .waitFor(SLOW)
      }
      await screenshot(page, 'home-two-sessions')
      for (const name of ['analysis', 'VS Code']) {
        await page.getByRole('button', { name: `Stop ${name}`, exact: true }).click()
        await page
          .getByRole('row', { name, exact: true })
          .getByText('Stopped')
          .first()
          .waitFor(SLOW)
      }
      await screenshot(page, 'home-stopped')
      await until(async () => (await jobProcesses(atelier.directory)).length === 0)
    })

    t.strictSame(
      ownErrors.filter((error) => !/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED/.test(error)),
      [],
      'no console error of ours, beside the connection that we cut',
    )

    async function startSession(ide: string, name: string): Promise<void> {
      await page.getByRole('button', { name: 'New session' }).first().click(SLOW)
      const dialog = page.getByRole('dialog', { name: 'New session' })
      await dialog.getByRole('radio', { name: ide, exact: true }).focus(SLOW)
      await page.keyboard.press('Space')
      await dialog.getByRole('textbox', { name: 'Name (optional)' }).fill(name)
      await screenshot(page, `new-session-${ide.toLowerCase().replaceAll(' ', '-')}`)
      await dialog.getByRole('button', { name: 'Start session' }).click()
      await screenshot(page, `starting-${ide.toLowerCase().replaceAll(' ', '-')}`)
    }
  },
)

function isThere(locator: Locator, timeout: number): Promise<boolean> {
  return locator.waitFor({ timeout }).then(
    () => true,
    () => false,
  )
}
