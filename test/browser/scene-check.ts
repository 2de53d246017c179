import type { BrowserContext, Page } from 'playwright-core'
import type { Test } from 'tap'
import { axeViolations, overflowOf } from '../fixtures/axe.ts'
import type { TestBrowser } from '../fixtures/browser.ts'
import { answerWith, type Answers } from './scenes.ts'

const SLOW = { timeout: 60_000 }

/** A page or dialog of the UI: its address, what the API answers, and how to get it on the screen. */
export interface Scene {
  readonly name: string
  readonly path: string
  readonly answers?: Answers
  readonly show?: (page: Page) => Promise<void>
  /** What is there when the scene is complete: the name of a heading or a dialog. */
  readonly heading: string | RegExp
}

/** Where scenes are shown: a browser that is signed in at `address`. */
export interface Stage {
  readonly address: string
  readonly context: BrowserContext
  readonly screenshot: TestBrowser['screenshot']
}

/** Shows a scene on a large and on a small screen, and checks that everybody can use it. */
export async function checkScene(t: Test, stage: Stage, scene: Scene): Promise<void> {
  for (const width of [1280, 320]) {
    const page = await stage.context.newPage()
    await page.setViewportSize({ width, height: 800 })
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await answerWith(page, scene.answers ?? {})
    await page.goto(stage.address + scene.path)
    await page.getByRole('heading').first().waitFor(SLOW)
    await scene.show?.(page)
    await page.getByRole('heading', { name: scene.heading }).waitFor(SLOW)
    await checkPage(t, stage, page, `${scene.name}-${width}`)
    await page.close()
  }
}

/** Checks in both colour schemes that axe finds nothing, and that nothing has to be scrolled sideways. */
export async function checkPage(
  t: Test,
  { screenshot }: Pick<Stage, 'screenshot'>,
  page: Page,
  name: string,
): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    t.strictSame(await axeViolations(page), [], `${name} in ${colorScheme}`)
    t.equal(await page.getByRole('heading', { level: 1 }).count(), 1, `${name} has one h1`)
    t.equal(await overflowOf(page), 0, `${name} is not wider than the window`)
    await screenshot(page, `a11y-${name}-${colorScheme}`)
  }
}
