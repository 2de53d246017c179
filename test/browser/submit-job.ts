import type { Page } from 'playwright-core'
import type { JobJson } from '../../src/control/job-json.ts'

/** Submits a job as the person who has signed in on the page. Throws if it is not taken. */
export async function submitJob(page: Page, body: object): Promise<JobJson> {
  const answer = await page.evaluate<{ status: number; body: JobJson }>(
    `fetch('/api/v1/jobs', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: ${JSON.stringify(JSON.stringify(body))},
    }).then(async (answer) => ({ status: answer.status, body: await answer.json() }))`,
  )
  if (answer.status === 201) return answer.body
  throw new Error(`POST jobs: ${answer.status} ${JSON.stringify(answer.body)}`)
}
