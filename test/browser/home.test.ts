import t from 'tap'
import { startTestAtelier } from '../fixtures/atelier.ts'
import { openBrowser } from '../fixtures/browser.ts'
import { SCENES } from './home-scenes.ts'
import { checkScene } from './scene-check.ts'

const SLOW = { timeout: 60_000 }

t.test('jobs and schedules can be used by everybody (WCAG 2.2 AA, by axe)', async (t) => {
  const { address, signInLink } = await startTestAtelier(t)
  const { page, context, screenshot } = await openBrowser(t)
  await page.goto(signInLink)
  await page.getByRole('heading', { name: 'Start your first session' }).waitFor(SLOW)
  for (const scene of SCENES) {
    await t.test(scene.name, (t) => checkScene(t, { address, context, screenshot }, scene))
  }
})
