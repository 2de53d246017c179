import { readFile, writeFile } from 'node:fs/promises'
import t, { type Test } from 'tap'
import { dataDirectory, startTestAtelier } from '../fixtures/atelier.ts'
import { axeViolations, overflowOf } from '../fixtures/axe.ts'
import { openBrowser } from '../fixtures/browser.ts'
import { JobScripts } from '../fixtures/jobs.ts'
import { until } from '../fixtures/until.ts'
import { LogReader, type SeenLine } from './log-reader.ts'
import { submitJob } from './submit-job.ts'

const SLOW = { timeout: 90_000 }
const LINES = 1_500_000
const NEEDLE = 1_234_567
// Every line says its number, so that one that is lost or doubled is seen wherever one looks.
const PRINT = `awk 'BEGIN {
  for (n = 1; n <= ${LINES}; n++)
    printf "\\033[3%dmline %d\\033[0m of a long output%s \\033[38;5;%dm%s\\033[0m\\n", n % 8, n,
      n == ${NEEDLE} ? " with a nee\\033[1mdle\\033[0m" : "", n % 256, "in colours, some more text <b>"
}'
echo 'a warning' >&2`

t.test('a person reads the output of a job of 100 MB while it runs', async (t) => {
  const atelier = await startTestAtelier(t)
  const scripts = await JobScripts.in(await dataDirectory(t))
  const { page, screenshot, ownErrors } = await openBrowser(t)
  const log = new LogReader({ page })
  await page.goto(atelier.signInLink)
  await page.getByRole('button', { name: /: menu$/ }).waitFor(SLOW)

  const script = await scripts.write(
    'print.sh',
    `${PRINT}
until [ -e "$0.go" ]; do sleep 0.1; done
for n in 1 2 3 4 5; do printf '\\r%d0 %%' $n; sleep 0.1; done
printf '\\rdone\\n'
for n in 1 2 3 4 5; do echo "live $n"; done
until [ -e "$0.more" ]; do sleep 0.1; done
for n in $(seq 6 30); do echo "live $n"; done
until [ -e "$0.end" ]; do sleep 0.1; done
exit 3`,
  )
  const job = await submitJob(page, { script, args: ['--folds', '10'] })

  await t.test(
    'it opens at the end, and a reload in mid-stream loses and doubles nothing',
    async (t) => {
      await page.goto(`${atelier.address}/jobs/${job.id}`)
      await page.getByRole('heading', { name: 'print.sh', level: 1 }).waitFor(SLOW)
      await log.untilLast(/^line \d{5,} /)
      checkLines(t, await log.lines())
      await page.reload()
      checkLines(t, await log.lines())
      await until(async () => ((await log.lines()).at(-1)?.number ?? 0) > 300_000, 300_000)
      checkLines(t, await log.lines())
      await page.getByText('1,500,001 lines').waitFor({ timeout: 300_000 })
      const seen = await log.untilLast(/^a warning$/)
      t.equal(seen.at(-1)?.number, LINES + 1)
      checkLines(t, seen.slice(0, -1))
    },
  )

  await t.test(
    'it is scrolled by scroll bar, wheel and keys, and only what is seen is there',
    async (t) => {
      await log.region.evaluate(scrollToPart, 0.5)
      const middle = await until(async () => {
        const seen = await log.lines()
        return Math.abs((seen[0]?.number ?? 0) - LINES / 2) < 1000 ? seen : null
      })
      checkLines(t, middle)
      const from = middle[0]?.number ?? 0
      await log.region.hover()
      for (let n = 0; n < 5; n += 1) await page.mouse.wheel(0, 100)
      await log.untilFirst(from + 25)
      for (let n = 0; n < 5; n += 1) await page.mouse.wheel(0, -100)
      await log.untilFirst(from)
      await log.region.focus()
      await page.keyboard.press('Home')
      await log.untilFirst(1)
      await page.keyboard.press('PageDown')
      const second = await until(async () => {
        const seen = await log.lines()
        return (seen[0]?.number ?? 0) > 10 ? seen : null
      })
      checkLines(t, second)
      await page.keyboard.press('End')
      await log.untilLast(LINES + 1)
      t.ok((await log.rows()) < 200, 'few of the lines are in the page')
      await page.getByLabel('Go to line').fill('1,000,000')
      await page.keyboard.press('Enter')
      const million = await until(async () => {
        const seen = await log.lines()
        return seen.some(({ number }) => number === 1_000_000) ? seen : null
      })
      checkLines(t, million)
    },
  )

  await t.test('nothing that was printed becomes markup', async (t) => {
    t.equal(await log.region.locator('b').count(), 0)
    t.match((await log.lines())[0]?.text, /<b>$/)
  })

  await t.test('it is searched on the server', async (t) => {
    const found = page.getByRole('search', { name: 'Output' }).getByRole('status')
    await page.keyboard.press('Control+f')
    await page.keyboard.type('a NEEDLE')
    await page.keyboard.press('Enter')
    const mark = log.region.locator('mark')
    await mark.first().waitFor(SLOW)
    t.equal((await mark.allTextContents()).join(''), 'a needle', 'also where its colour changes')
    t.ok((await log.lines()).some(({ number }) => number === NEEDLE))
    await found.getByText('1 of 1 line').waitFor(SLOW)
    await screenshot(page, 'job-output-search')
    await page.getByRole('button', { name: 'Match case' }).click()
    await found.getByText('No line matches').waitFor(SLOW)
    await page.getByLabel('Search the output').fill('line 77777')
    await page.keyboard.press('Enter')
    await found.getByText(/^1 of 11 lines|^Line /).waitFor(SLOW)
    await found.getByText(/of 11 lines/).waitFor(SLOW)
    const first = await marked(log)
    await page.getByRole('button', { name: 'Next match' }).click()
    await until(async () => (await marked(log)) !== first)
    await page.getByRole('button', { name: 'Previous match' }).click()
    await until(async () => (await marked(log)) === first)
    await page.getByLabel('Search the output').press('Escape')
    await until(async () => (await mark.count()) === 0)
  })

  await t.test('it is followed until somebody scrolls up', async (t) => {
    await page.getByRole('button', { name: /^Jump to the end/ }).click()
    await log.untilLast(LINES + 1)
    await scripts.release(script)
    await log.untilLast(/^live 5$/)
    await log.region.hover()
    await page.mouse.wheel(0, -400)
    await page.getByRole('button', { name: 'Jump to the end', exact: true }).waitFor(SLOW)
    await writeFile(`${script}.more`, '')
    await page.getByRole('button', { name: 'Jump to the end, 25 new lines' }).waitFor(SLOW)
    await page.getByText('1,500,032 lines').waitFor(SLOW)
    t.not((await log.lines()).at(-1)?.text, 'live 30')
    await page.getByRole('button', { name: /^Jump to the end/ }).click()
    const seen = await log.untilLast(/^live 30$/)
    const texts = seen.map(({ text }) => text)
    t.strictSame(
      texts.slice(texts.indexOf('done')),
      ['done', ...Array.from({ length: 30 }, (_, n) => `live ${n + 1}`)].slice(
        texts.includes('done') ? 0 : 31 - texts.length,
      ),
    )
  })

  await t.test('it says how the job has ended', async () => {
    await scripts.finish(script)
    await page.getByText('Exit code 3', { exact: true }).waitFor(SLOW)
    await page.getByText('3: it failed').waitFor(SLOW)
    await page.getByText(/of processor time/).waitFor(SLOW)
    await page.getByText(/^Processor: at the end .* at most /).waitFor(SLOW)
    await page.getByText(/^Memory: at the end .* at most /).waitFor(SLOW)
    await page.locator('.recharts-area-curve').nth(1).waitFor(SLOW)
    await page.getByText(/^Memory: at the end/).scrollIntoViewIfNeeded()
    await screenshot(page, 'job-usage')
  })

  await t.test('it is downloaded as it was printed', async (t) => {
    const downloading = page.waitForEvent('download', SLOW)
    await page.getByRole('link', { name: 'Download' }).click()
    const download = await downloading
    t.match(download.suggestedFilename(), /^print\.sh-.*\.txt$/)
    const lines = (await readFile((await download.path()) ?? '', 'utf8')).split('\n')
    t.equal(lines.length - 1, LINES + 32)
    const wrong = lines
      .slice(0, LINES)
      .filter((line, n) => !line.includes(`mline ${n + 1}\u001b[0m of`))
    t.strictSame(wrong, [])
  })

  await t.test('everybody can use it, in both schemes and on any screen', async (t) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1280, 640, 320]) {
        await page.setViewportSize({ width, height: 800 })
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await log.lines()
        t.strictSame(await axeViolations(page), [], `${colorScheme} at ${width}`)
        t.equal(
          await overflowOf(page),
          0,
          `${colorScheme} at ${width} is not wider than the window`,
        )
        await screenshot(page, `job-output-${width}-${colorScheme}`)
      }
    }
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.getByRole('button', { name: 'Wrap' }).click()
    await log.untilLast(/^live 30$/)
    await log.region.focus()
    await page.keyboard.press('Home')
    checkLines(t, await log.untilFirst(1))
  })

  t.strictSame(ownErrors, [], 'no console error of ours')
  t.equal((await readFile(`${script}.ran`, 'utf8')).split('\n').length - 1, 1)
})

function checkLines(t: Test, seen: readonly SeenLine[]): void {
  const wrong = seen.filter(({ number, text }) => !text.startsWith(`line ${number} of`))
  t.strictSame(wrong, [], `each of ${seen.length} lines has its number`)
}

async function marked(log: LogReader): Promise<string | null> {
  return log.region.locator('[data-current]').getAttribute('data-line')
}

function scrollToPart(element: { scrollTop: number; scrollHeight: number }, part: number): void {
  element.scrollTop = element.scrollHeight * part
}
