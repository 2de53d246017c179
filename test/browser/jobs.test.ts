import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t from 'tap'
import { dataDirectory, startTestAtelier } from '../fixtures/atelier.ts'
import { openBrowser } from '../fixtures/browser.ts'
import { until } from '../fixtures/until.ts'
import { makeHomeFiles } from './home-files.ts'
import { manyJobs } from './job-scenes.ts'
import { answerWith } from './scenes.ts'

const SLOW = { timeout: 90_000 }

t.test('a person runs scripts as jobs', async (t) => {
  const configFile = join(await dataDirectory(t), 'atelier.toml')
  await writeFile(configFile, '[limits."*"]\njobs = 1\njobs_waiting = 20\n')
  const atelier = await startTestAtelier(t, [], { configFile })
  const { page, context, screenshot, ownErrors } = await openBrowser(t)
  const dialog = page.getByRole('dialog')
  const row = (name: string) => page.getByRole('row', { name, exact: true })
  await page.goto(atelier.signInLink)
  await page.getByRole('heading', { name: 'Start your first session' }).waitFor(SLOW)
  const files = await makeHomeFiles(t, page)

  await t.test('finds one in the home by keyboard, and follows it', async (t) => {
    await page.getByRole('link', { name: /^Jobs/ }).click()
    await page.getByRole('heading', { name: 'Run your first job' }).waitFor(SLOW)
    await screenshot(page, 'jobs-empty')
    await page.keyboard.press('n')
    const filter = dialog.getByRole('combobox', { name: 'Filter this folder' })
    await filter.waitFor(SLOW)
    await page.locator(':focus').and(filter).waitFor(SLOW)
    await dialog.getByRole('option').first().waitFor(SLOW)
    await page.keyboard.type(files.name)
    await page.keyboard.press('Enter')
    await dialog.getByRole('option', { name: /^hello\.sh/ }).waitFor(SLOW)
    t.equal(await dialog.getByRole('option').count(), 2, 'only what can be run is shown')
    await screenshot(page, 'jobs-files')
    await page.keyboard.press('Backspace')
    await dialog.getByRole('option', { name: new RegExp(`^${files.name}`) }).waitFor(SLOW)
    await page.keyboard.type(files.name)
    await page.keyboard.press('Enter')
    await dialog.getByRole('option', { name: /^hello\.sh/ }).waitFor(SLOW)
    await page.keyboard.press('Enter')
    const script = dialog.getByRole('textbox', { name: 'Script or notebook' })
    t.equal(await script.inputValue(), join(files.folder, 'hello.sh'))
    await dialog.getByRole('textbox', { name: 'Arguments' }).fill('world "and you"')
    await dialog.getByText('2 arguments:').waitFor()
    await screenshot(page, 'jobs-new')
    await dialog.getByRole('button', { name: 'Run job' }).click()
    await page.waitForURL(/\/jobs\/[^/?]+$/, SLOW)
    await page.getByText('hello and you').waitFor(SLOW)
    await page.getByText('Finished').first().waitFor(SLOW)
    await screenshot(page, 'jobs-followed')
  })

  await t.test('sees why one waits, and that before it is submitted', async (t) => {
    await page.goto(`${atelier.address}/jobs`)
    await row('hello.sh').getByText('exit code 0').waitFor(SLOW)
    await submit(page, { script: join(files.folder, 'wait.sh') })
    await row('wait.sh').getByText('Running').waitFor(SLOW)
    await row('wait.sh').getByRole('timer').waitFor(SLOW)
    await page.getByRole('button', { name: 'New job' }).click()
    await dialog.getByText('You have 1 of 1 job running; this one will wait').waitFor(SLOW)
    t.match(
      await dialog.getByRole('navigation', { name: 'Folders above' }).textContent(SLOW),
      files.name,
      'the last folder is remembered',
    )
    await dialog.getByRole('option', { name: /^hello\.sh/ }).click(SLOW)
    await screenshot(page, 'jobs-will-wait')
    await dialog.getByRole('button', { name: 'Submit, to wait' }).click()
    await page.waitForURL(/\/jobs\/[^/?]+$/, SLOW)
    await page.goto(`${atelier.address}/jobs?state=pending`)
    await row('hello.sh').getByText('You have 1 of 1 jobs running').waitFor(SLOW)
    await screenshot(page, 'jobs-pending')
  })

  await t.test('stops one, so that the next has its turn, and is told of its end', async () => {
    await page.goto(`${atelier.address}/jobs`)
    await page.getByRole('button', { name: 'Stop wait.sh' }).click(SLOW)
    await page.getByText('hello.sh has finished').waitFor(SLOW)
    await row('wait.sh')
      .getByText(/^(Killed|Stopped)$/)
      .first()
      .waitFor(SLOW)
    await screenshot(page, 'jobs-told')
  })

  await t.test('runs one again, as it was or with changes', async (t) => {
    await page.goto(`${atelier.address}/jobs?q=hello`)
    await page.getByRole('button', { name: 'Run again hello.sh' }).last().click(SLOW)
    await page.waitForURL(/\/jobs\/[^/?]+$/, SLOW)
    await page.getByText('hello and you').waitFor(SLOW)
    await page.goto(`${atelier.address}/jobs?q=hello`)
    await page.getByRole('button', { name: 'More actions for hello.sh' }).last().click(SLOW)
    await page.getByRole('menuitem', { name: 'Run with changes…' }).click()
    await page.getByRole('dialog', { name: 'Run again with changes' }).waitFor(SLOW)
    t.equal(
      await dialog.getByRole('textbox', { name: 'Arguments' }).inputValue(),
      'world "and you"',
    )
    await screenshot(page, 'jobs-again')
    await page.keyboard.press('Escape')
    await until(() => new URL(page.url()).search === '?q=hello')
    t.pass('and the filter is as it was')
  })

  await t.test('stops several at once, and finds what is of interest', async (t) => {
    const script = join(files.folder, 'wait.sh')
    for (const name of ['first', 'second', 'third']) await submit(page, { script, name })
    await page.goto(`${atelier.address}/jobs?state=running`)
    await row('first').getByText('Running').waitFor(SLOW)
    await row('third').waitFor(SLOW)
    await page.getByRole('checkbox', { name: 'Select all shown' }).check()
    await page.getByRole('button', { name: 'Stop 3 jobs…', exact: true }).click()
    await screenshot(page, 'jobs-bulk')
    await dialog.getByRole('button', { name: 'Stop 3 jobs' }).click()
    await page.getByRole('heading', { name: 'No job matches' }).waitFor(SLOW)
    await page.getByRole('textbox', { name: 'Search jobs' }).fill('SECOND')
    await page.getByLabel('State').selectOption('')
    await row('second').waitFor(SLOW)
    t.equal(await page.getByRole('row').count(), 2, 'its row and the heads')
    await until(() => new URL(page.url()).search === '?q=SECOND')
  })

  await t.test('goes through a long history page by page', async (t) => {
    const long = await context.newPage()
    await answerWith(long, { sessions: [], schedules: [], choices: {}, jobs: manyJobs(180) })
    await long.goto(`${atelier.address}/jobs?state=ended`)
    await long.getByText('50+ jobs').waitFor(SLOW)
    await long.getByRole('button', { name: 'Show more' }).click()
    await until(async () => (await long.getByRole('row').count()) > 80)
    t.equal(await long.getByRole('button', { name: 'Show more' }).count(), 0, 'that was all')
    await long.setViewportSize({ width: 640, height: 400 })
    await screenshot(long, 'jobs-at-200-percent')
    await long.close()
  })

  t.same(ownErrors, [])
})

/** Submits a job as another tab would. */
async function submit(page: Page, body: object): Promise<void> {
  const status = await page.evaluate(
    async (sent) =>
      (
        await fetch('/api/v1/jobs', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(sent),
        })
      ).status,
    body,
  )
  if (status !== 201) throw new Error(`POST /jobs answered ${status}`)
}
