import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { installIde } from '../../src/ides/install-ide.ts'
import { options } from './fixtures/build.ts'

/** Options of an installation by root, with stand-ins for Debian's tools and no index of Python packages in reach. */
async function offline(t: Test) {
  const folder = await mkdtemp(join(tmpdir(), 'atelier-offline-'))
  t.teardown(() => rm(folder, { recursive: true }))
  await chmod(folder, 0o755)
  const bin = join(folder, 'bin')
  await mkdir(bin)
  const asked = join(folder, 'asked')
  for (const name of ['apt-get', 'dpkg']) {
    await writeFile(join(bin, name), `#!/bin/sh\necho "${name} $*" >> ${asked}\n`, { mode: 0o755 })
  }
  const environment = {
    PATH: `${bin}:/usr/bin:/bin`,
    HOME: folder,
    PIP_INDEX_URL: 'http://127.0.0.1:9/',
  }
  return { asked, given: options(join(folder, 'ides'), { root: true, environment }) }
}

t.test(
  'without an index root gets the Notebook of Debian, and JupyterLab is said to fail',
  async (t) => {
    const { asked, given } = await offline(t)
    await t.resolves(installIde({ ...given, ide: 'jupyter-notebook' }))
    t.match(await readFile(asked, 'utf8'), /install .* jupyter-notebook python3-ipykernel\n$/)
    await t.rejects(installIde({ ...given, ide: 'jupyterlab' }), {
      message: 'The package registry cannot be reached.',
      mend: 'npm run atelier -- ide install jupyterlab',
    })
  },
)

t.test('without an index nobody else gets anything installed', async (t) => {
  const { asked, given } = await offline(t)
  await t.rejects(installIde({ ...given, ide: 'jupyter-notebook', root: false }))
  await t.rejects(readFile(asked), { code: 'ENOENT' })
})
