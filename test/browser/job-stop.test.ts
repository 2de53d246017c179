import t from 'tap'
import { dataDirectory, startTestAtelier } from '../fixtures/atelier.ts'
import { axeViolations } from '../fixtures/axe.ts'
import { openBrowser } from '../fixtures/browser.ts'
import { JobScripts } from '../fixtures/jobs.ts'
import { submitJob } from './submit-job.ts'

const SLOW = { timeout: 90_000 }

t.test('a person stops a job and runs it again', async (t) => {
  const atelier = await startTestAtelier(t)
  const scripts = await JobScripts.in(await dataDirectory(t))
  const { page, screenshot } = await openBrowser(t)
  await page.goto(atelier.signInLink)
  await page.getByRole('button', { name: /: menu$/ }).waitFor(SLOW)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const job = await submitJob(page, { script: await scripts.held('held.sh') })

  await page.goto(`${atelier.address}/jobs/${job.id}`)
  await page.getByText('Running', { exact: true }).waitFor(SLOW)
  await page.getByText('It has printed nothing yet').waitFor(SLOW)
  await page.getByRole('button', { name: 'Stop…' }).click()
  const question = page.getByRole('dialog', { name: 'Stop held.sh?' })
  await question.waitFor()
  await screenshot(page, 'job-stop-question')
  await question.getByRole('button', { name: 'Stop it' }).click()
  await page.getByText('Its owner asked it to stop.').waitFor(SLOW)
  await page.getByText('Stopped', { exact: true }).waitFor(SLOW)
  await page.getByText('143: it was asked to end, as was wanted').waitFor(SLOW)
  await screenshot(page, 'job-stopped')

  await page.getByRole('button', { name: 'Run again' }).click()
  await page.waitForURL(
    (url) => /\/jobs\/./.test(url.pathname) && !url.pathname.endsWith(job.id),
    SLOW,
  )
  await page.getByText('Running', { exact: true }).waitFor(SLOW)

  await page.goto(`${atelier.address}/jobs/nonesuch`)
  await page.getByRole('heading', { name: 'There is no such job' }).waitFor(SLOW)
  t.strictSame(await axeViolations(page), [])
})
