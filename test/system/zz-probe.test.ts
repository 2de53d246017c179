import t from 'tap'
import { WebSocket } from 'ws'
import { writeFileSync, readFileSync, existsSync } from 'node:fs'
import { signIn, type ApiUser } from '../fixtures/api.ts'
import { startTestAtelier } from '../fixtures/atelier.ts'
import { openBrowser } from '../fixtures/browser.ts'
import { until } from '../fixtures/until.ts'

t.test('probe', { timeout: 300000 }, async (t) => {
  const atelier = await startTestAtelier(t)
  const user = await signIn(atelier.signInLink)
  const text = (f: string) =>
    `{ type atelier; echo "P=$PATH"; env | grep ATELIER; echo flags $-; shopt login_shell; echo parent $(tr '\\0' ' ' </proc/$$/cmdline); atelier session list; nohup atelier --version; } > ${f} 2>&1; touch ${f}.done`
  const j = await user.start('jupyterlab')
  await typed(user, j.url, text('/tmp/jc/out-j') + '\r')
  await until(() => existsSync('/tmp/jc/out-j.done'))
  console.error(readFileSync('/tmp/jc/out-j', 'utf8'))
  const v = await user.start('vscode')
  const { page, context } = await openBrowser(t)
  await context.addCookies([
    {
      name: user.cookie.split('=')[0] ?? '',
      value: user.cookie.slice(user.cookie.indexOf('=') + 1),
      url: user.address,
    },
  ])
  await page.goto(user.address + v.url)
  await page.locator('.monaco-workbench .explorer-folders-view').waitFor({ timeout: 90000 })
  await page.keyboard.press('Control+Backquote')
  const terminal = page.locator('.terminal-wrapper.active .xterm-rows')
  await terminal.getByText('$').first().waitFor({ timeout: 90000 })
  writeFileSync('/tmp/jc/cmd', text('/tmp/jc/out-v'))
  await until(async () => {
    await page.locator('.terminal-wrapper.active textarea.xterm-helper-textarea').focus()
    await page.keyboard.type('. /tmp/jc/cmd\n')
    await new Promise((r) => setTimeout(r, 4000))
    return existsSync('/tmp/jc/out-v.done')
  })
  console.error(readFileSync('/tmp/jc/out-v', 'utf8'))
})

async function typed(user: ApiUser, url: string, text: string): Promise<void> {
  const { body } = await user.ask<{ name: string }>('POST', `${url}api/terminals`)
  const address = `${user.address.replace('http', 'ws')}${url}terminals/websocket/${body.name}`
  const socket = new WebSocket(address, { headers: { cookie: user.cookie, origin: user.address } })
  socket.on('message', (data: Buffer) => {
    const [kind] = JSON.parse(data.toString()) as [string, string]
    if (kind === 'setup') socket.send(JSON.stringify(['stdin', text]))
  })
}
