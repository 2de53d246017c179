import { join } from 'node:path'
import t from 'tap'
import { startTestAtelier } from '../fixtures/atelier.ts'
import { openBrowser } from '../fixtures/browser.ts'
import { makeHomeFiles } from './home-files.ts'

const SLOW = { timeout: 100_000 }

t.test('a person has a script run by itself', async (t) => {
  const atelier = await startTestAtelier(t)
  const { page, screenshot, ownErrors } = await openBrowser(t)
  const dialog = page.getByRole('dialog')
  const row = page.getByRole('row', { name: 'hello.sh', exact: true })
  await page.goto(atelier.signInLink)
  await page.getByRole('heading', { name: 'Start your first session' }).waitFor(SLOW)
  const files = await makeHomeFiles(t, page)

  await t.test('makes a schedule, and sees how it is understood', async () => {
    await page.goto(`${atelier.address}/schedules`)
    await page.getByRole('heading', { name: 'Let a job run by itself' }).waitFor(SLOW)
    await page.getByRole('button', { name: 'New schedule' }).click()
    await dialog
      .getByRole('textbox', { name: 'Script or notebook' })
      .fill(join(files.folder, 'hello.sh'))
    await dialog.getByRole('textbox', { name: 'Arguments' }).fill('tick')
    await dialog.getByLabel('How often').selectOption('weekdays')
    await dialog.getByText('At 06:00, Monday through Friday').waitFor(SLOW)
    await dialog.getByLabel('How often').selectOption('custom')
    await dialog.getByLabel('Cron expression').fill('* * *')
    await dialog.getByText('Write five fields').waitFor()
    await dialog.getByLabel('Cron expression').fill('* * * * *')
    await dialog.getByText('Every minute').waitFor()
    await screenshot(page, 'schedules-new')
    await dialog.getByRole('button', { name: 'Make schedule' }).click()
    await row.waitFor(SLOW)
    await screenshot(page, 'schedules-made')
  })

  await t.test('runs it now, and sees what it printed', async () => {
    await page.getByRole('button', { name: 'Run now: hello.sh' }).click()
    await page.waitForURL(/\/jobs\/[^/?]+$/, SLOW)
    await page.getByText('hello tick').waitFor(SLOW)
  })

  await t.test('finds the runs that it has made by itself', async () => {
    await page.goto(`${atelier.address}/schedules`)
    await page.getByRole('button', { name: 'More actions for hello.sh' }).click(SLOW)
    await page.getByRole('menuitem', { name: 'Show its runs' }).click()
    await page.getByText('Runs of the schedule “hello.sh”').waitFor(SLOW)
    await row.nth(1).getByText('exit code 0').waitFor(SLOW)
    await screenshot(page, 'schedules-runs')
  })

  await t.test('turns it off, changes it and deletes it', async (t) => {
    await page.goto(`${atelier.address}/schedules`)
    const on = page.getByRole('switch', { name: 'hello.sh is on' })
    await on.waitFor({ ...SLOW, state: 'attached' })
    await on.press('Space')
    await row.getByText('Off').waitFor(SLOW)
    await page.getByRole('button', { name: 'More actions for hello.sh' }).click()
    await page.getByRole('menuitem', { name: 'Edit…' }).click()
    await dialog.getByLabel('Name of the schedule').fill('greetings')
    await dialog.getByLabel('How often').selectOption('hourly')
    await dialog.getByRole('textbox', { name: 'Arguments' }).fill('changed')
    await screenshot(page, 'schedules-edit')
    await dialog.getByRole('button', { name: 'Save' }).click()
    const changed = page.getByRole('row', { name: 'greetings' })
    await changed.getByText('Every hour').waitFor(SLOW)
    await page.getByRole('button', { name: 'Run now: greetings' }).click()
    await page.waitForURL(/\/jobs\/[^/?]+$/, SLOW)
    await page.getByText('hello changed').waitFor(SLOW)
    await page.goto(`${atelier.address}/schedules`)
    await page.getByRole('button', { name: 'More actions for greetings' }).click(SLOW)
    await page.getByRole('menuitem', { name: 'Delete…' }).click()
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('heading', { name: 'Let a job run by itself' }).waitFor(SLOW)
    t.equal(await page.getByRole('table').count(), 0)
  })

  t.same(ownErrors, [])
})
