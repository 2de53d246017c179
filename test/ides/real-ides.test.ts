import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Agent, request } from 'undici'
import { until } from '../fixtures/until.ts'
import { openKernel } from './fixtures/kernel-socket.ts'
import { PREFIX, startIde } from './fixtures/running-ide.ts'

const signal = new AbortController().signal

for (const name of ['jupyterlab', 'jupyter-notebook'] as const) {
  t.test(`${name} runs code, and is busy for exactly as long`, async (t) => {
    const running = await startIde(t, name)
    const { ide, home, probe, child } = running
    const kernel = await openKernel(running)
    t.equal(await kernel.run('6*7'), '42')
    t.equal(
      await kernel.run('import os; print(os.getcwd(), os.environ["SHELL"])'),
      `${home} /bin/bash\n`,
    )
    const page = await running.ask('GET', `${PREFIX}/${name === 'jupyterlab' ? 'lab' : 'tree'}`)
    t.equal(page.status, 200)

    const go = join(home, 'go')
    const computing = kernel.run(
      `import time\nwhile not os.path.exists(${JSON.stringify(go)}): time.sleep(.02)`,
    )
    await until(() => ide.busy(probe, PREFIX, signal))
    writeFileSync(go, '')
    await computing
    await until(async () => !(await ide.busy(probe, PREFIX, signal)))

    t.match(
      readFileSync(`/proc/${child.pid}/cmdline`, 'utf8'),
      name.replace('jupyterlab', 'jupyter-lab'),
    )
    t.equal(statSync(running.socket).mode & 0o777, 0o660)
    kernel.close()
  })

  t.test(`${name} lets nobody in without its token`, async (t) => {
    const running = await startIde(t, name)
    const dispatcher = new Agent({ connect: { socketPath: running.socket } })
    t.teardown(() => dispatcher.destroy())
    const answer = await request(`http://localhost${PREFIX}/api/kernels`, { dispatcher })
    t.equal(answer.statusCode, 403)
    await answer.body.dump()
  })
}

t.test(
  "Debian's R is a kernel of JupyterLab, although that lives in a place of its own",
  async (t) => {
    const running = await startIde(t, 'jupyterlab')
    const { body } = await running.ask('GET', `${PREFIX}/api/kernelspecs`)
    const { kernelspecs } = JSON.parse(body) as { kernelspecs: Record<string, object> }
    if (kernelspecs['ir'] === undefined) {
      throw new Error(
        "R's kernel is missing: run node test/setup.js as root, or install r-cran-irkernel",
      )
    }
    const kernel = await openKernel(running, 'ir')
    t.equal(await kernel.run('6*7'), '[1] 42')
    t.match(await kernel.run('cat(R.home())'), '/R')
    kernel.close()
  },
)

t.test(
  'vscode serves its workbench with no prefix, opens the home and forwards no port',
  async (t) => {
    const running = await startIde(t, 'vscode')
    const { home, child, socket } = running
    t.equal((await running.ask('GET', '/')).status, 302)
    const page = await running.ask('GET', `/?folder=${encodeURIComponent(home)}`)
    t.equal(page.status, 200)
    t.match(page.body, 'workbench')
    t.equal((await running.ask('GET', '/proxy/22/')).status, 403)
    t.match(readFileSync(`/proc/${child.pid}/cmdline`, 'utf8'), 'code-server')
    t.equal(statSync(socket).mode & 0o777, 0o660)
    t.ok(statSync(join(home, '.local/share/atelier/vscode/User')).isDirectory())
  },
)
