import t from 'tap'
import { type ApiUser, signIn } from '../fixtures/api.ts'
import { startTestAtelier } from '../fixtures/atelier.ts'
import { openBrowser } from '../fixtures/browser.ts'
import { startKernel } from '../fixtures/kernel.ts'
import { until } from '../fixtures/until.ts'

const SLOW = { timeout: 90_000 }

const APP = `
library(shiny)
ui <- fluidPage(
  titlePanel("Squares"),
  sliderInput("n", "Number", min = 1, max = 50, value = 7),
  actionButton("go", "Add one"),
  verbatimTextOutput("square")
)
server <- function(input, output, session) {
  output$square <- renderText(paste("square", (input$n + input$go)^2, Sys.getenv("ATELIER_JOB_ID") != ""))
}
runApp(shinyApp(ui, server), host = "127.0.0.1", port = httpuv::randomPort(), launch.browser = FALSE)
`

t.test('a Shiny app that an R kernel of a session runs is used in the browser', async (t) => {
  const atelier = await startTestAtelier(t)
  const user = await signIn(atelier.signInLink)
  const session = await user.start('jupyterlab', 'Active', { name: 'squares' })
  const { page, context, screenshot, ownErrors } = await openBrowser(t)
  const [name = '', value = ''] = user.cookie.split('=')
  await context.addCookies([{ name, value, url: atelier.address }])

  await t.test('the menu of the session says how to begin while there is none', async () => {
    await page.goto(atelier.address)
    await openWebApps()
    await page.getByText('This session serves no web app now.').waitFor(SLOW)
    await screenshot(page, 'web-apps-none')
  })

  const kernel = await startKernel(user, session.url, 'ir')
  await kernel.send(APP)
  const port = await until(() => servedByR(user, session.id))

  await t.test('it appears in the dialog, and opens from there', async (t) => {
    const link = page.getByRole('dialog').getByRole('link', { name: `Port ${port}` })
    await link.waitFor(SLOW)
    await screenshot(page, 'web-apps')
    const opened = context.waitForEvent('page')
    await link.click()
    const app = await opened
    await app.getByText('square 49 TRUE').waitFor(SLOW)
    t.equal(new URL(app.url()).pathname, `/s/${session.id}/p/${port}/`)

    await app.getByRole('button', { name: 'Add one' }).click()
    await app.getByText('square 64 TRUE').waitFor(SLOW)
    const line = await app.locator('.irs-line').boundingBox()
    await app.mouse.click((line?.x ?? 0) + 2, (line?.y ?? 0) + (line?.height ?? 0) / 2)
    await app.getByText('square 4 TRUE').waitFor(SLOW)
    await screenshot(app, 'shiny')
    t.pass('its button and its slider changed what it shows, over its WebSocket')
  })

  await t.test('after it was stopped its address says what to do', async (t) => {
    await user.ask('POST', `${session.url}api/kernels/${kernel.id}/interrupt`)
    await until(async () => (await servedByR(user, session.id)) === undefined)
    const app = await context.newPage()
    await until(
      async () =>
        (await app.goto(`${atelier.address}/s/${session.id}/p/${port}/`))?.status() === 404,
    )
    await app.getByText(`No program of this session listens on port ${port}.`).waitFor(SLOW)
    await screenshot(app, 'web-app-not-served')
    t.match(await app.title(), /^No program of this session listens on port \d+\. · Atelier$/)
  })

  t.strictSame(
    ownErrors.filter((error) => !error.startsWith('/favicon.ico')),
    [],
    'no console error of ours, beside the icon that a page without one is asked for',
  )

  async function openWebApps(): Promise<void> {
    await page.getByRole('button', { name: 'More actions for squares' }).click(SLOW)
    await page.getByRole('menuitem', { name: 'Web apps…' }).click()
  }
})

async function servedByR(user: ApiUser, id: string): Promise<number | undefined> {
  const path = `/api/v1/sessions/${id}/ports`
  const { body } = await user.ask<{ items: { port: number; process: string }[] }>('GET', path)
  return body.items.find(({ process }) => process === 'R')?.port
}
