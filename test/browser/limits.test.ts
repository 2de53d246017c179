import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { dataDirectory, startTestAtelier } from '../fixtures/atelier.ts'
import { openBrowser } from '../fixtures/browser.ts'

const SLOW = { timeout: 90_000 }
const LIMITS = `
[profiles.small]
memory_mib = 1024
[profiles.large]
cpus = 8
[profiles.huge]
[limits."*"]
sessions = 2
cpus = 4
memory_mib = 4096
ides = ["jupyterlab", "jupyter-notebook"]
profiles = ["large", "small"]
`

t.test('a person sees what the limits allow before a click', async (t) => {
  const configFile = join(await dataDirectory(t), 'atelier.toml')
  await writeFile(configFile, LIMITS)
  const atelier = await startTestAtelier(t, [], { configFile })
  const { page, screenshot, ownErrors } = await openBrowser(t)
  await page.goto(atelier.signInLink)
  const newSession = page.getByRole('button', { name: 'New session' })
  const dialog = page.getByRole('dialog')
  const start = dialog.getByRole('button', { name: 'Start session' })

  await t.test('only the IDEs and profiles that are allowed, cut to the limits', async (t) => {
    await newSession.click(SLOW)
    await dialog.getByText('You may have 2 sessions at a time.').waitFor(SLOW)
    await dialog.getByRole('radio').first().waitFor(SLOW)
    t.equal(await dialog.getByRole('radio', { name: /Jupyter/ }).count(), 2)
    t.equal(await dialog.getByRole('radio').count(), 2)
    const profiles = dialog.getByLabel('Resources').locator('option')
    await profiles.first().waitFor({ state: 'attached', ...SLOW })
    t.same(await profiles.allTextContents(), [
      'large: 4 processors, 4 GiB memory',
      'small: 4 processors, 1 GiB memory',
    ])
    await screenshot(page, 'limits-dialog')
    await start.click(SLOW)
    await page.waitForURL(/\/s\/[a-z0-9]+\//, SLOW)
  })

  await t.test('what is used of the limits', async (t) => {
    await page.goto(atelier.address)
    const row = page.getByRole('row', { name: 'JupyterLab', exact: true })
    await row.getByText(/ of 4 GiB$/).waitFor(SLOW)
    await row.getByText(/ of 400 %$/).waitFor(SLOW)
    t.pass('both are shown')
    await screenshot(page, 'limits-home')
  })

  await t.test('how many are left, and then why none is', async (t) => {
    await newSession.click(SLOW)
    await dialog.getByText('You have 1 of 2 sessions: you can start 1 more.').waitFor(SLOW)
    await start.click(SLOW)
    await page.waitForURL(/\/s\/[a-z0-9]+\//, SLOW)
    await page.goto(atelier.address)
    await newSession.click(SLOW)
    await dialog.getByText('You have 2 of 2 sessions; stop one first.').waitFor(SLOW)
    t.ok(await start.isDisabled())
    await dialog.getByRole('radio').first().waitFor(SLOW)
    await screenshot(page, 'limits-reached')
  })

  await t.test('and may start another as soon as one has stopped', async (t) => {
    const { items } = (await page.evaluate(async () =>
      (await fetch('/api/v1/sessions')).json(),
    )) as { items: { id: string }[] }
    await page.evaluate(
      (id) => fetch(`/api/v1/sessions/${id}?force=true`, { method: 'DELETE' }),
      items[0]?.id,
    )
    await dialog.getByText('You have 1 of 2 sessions: you can start 1 more.').waitFor(SLOW)
    t.ok(await start.isEnabled())
  })
  t.same(ownErrors, [])
})
