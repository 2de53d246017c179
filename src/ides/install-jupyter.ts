import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { InstallBuild, InstallPlan } from './install-build.ts'
import { choosePython } from './install-python.ts'
import { programIn } from './installed.ts'
import { canInstallPackages, installPackages } from './system-packages.ts'

const PACKAGES = ['jupyterlab>=4,<5', 'notebook>=7,<8', 'ipykernel']

/** How many packages the three bring, themselves included (JupyterLab 4.6, Notebook 7.6). */
const EXPECTED_PACKAGES = 92

/** JupyterLab and the Notebook in a Python environment of their own. */
export const jupyterPlan: InstallPlan = {
  recipe: `${PACKAGES.join(' ')} (2)`,
  steps: (build) => {
    const venv = join(build.directory, 'venv')
    const python = join(venv, 'bin', 'python')
    const wheels = join(build.directory, 'wheels')
    return [
      {
        title: 'Making a Python environment',
        seconds: 5,
        async run() {
          const base = await choosePython(build)
          // With the system's packages in sight a user's own are too, so that `%pip install` works in a notebook.
          await build.run([base, '-m', 'venv', '--system-site-packages', venv])
        },
      },
      {
        title: 'Downloading Jupyter',
        seconds: 10,
        async run(tell) {
          const pip = [python, '-m', 'pip', 'wheel', '--wheel-dir', wheels] as const
          await build.run([...pip, ...PACKAGES], { onLine: countPackages(tell) })
        },
      },
      {
        title: 'Installing Jupyter',
        seconds: 25,
        async run() {
          const pip = [
            python,
            '-m',
            'pip',
            'install',
            '--no-index',
            '--find-links',
            wheels,
          ] as const
          await build.run([...pip, '--ignore-installed', ...PACKAGES])
          await rm(wheels, { recursive: true })
          await writeSettings(venv)
        },
      },
    ]
  },
  async versions(build) {
    const jupyterlab = await version(build, 'jupyterlab')
    return { jupyterlab, 'jupyter-notebook': await version(build, 'jupyter-notebook') }
  },
  async rescue(build, ide) {
    if (!(await canInstallPackages(build))) return false
    await installPackages(build, ['jupyter-notebook', 'python3-ipykernel'])
    return ide === 'jupyter-notebook'
  },
}

function countPackages(tell: (fraction: number) => void): (line: string) => void {
  let packages = 0
  return (line) => {
    if (!line.startsWith('Collecting ')) return
    packages += 1
    tell(packages / (EXPECTED_PACKAGES + 1))
  }
}

/** Files below the environment that set JupyterLab's own standards. */
const SETTINGS = {
  // Nobody can rebuild a JupyterLab that belongs to all, so it shall not offer to.
  'etc/jupyter/labconfig/page_config.json': { buildAvailable: false, buildCheck: false },
  // Otherwise it asks each user whether it may fetch news.
  'share/jupyter/lab/settings/overrides.json': {
    '@jupyterlab/apputils-extension:notification': { fetchNews: 'false', checkForUpdates: false },
  },
}

async function writeSettings(venv: string): Promise<void> {
  for (const [name, content] of Object.entries(SETTINGS)) {
    const file = join(venv, name)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, JSON.stringify(content))
  }
}

async function version(
  build: InstallBuild,
  name: 'jupyterlab' | 'jupyter-notebook',
): Promise<string> {
  const output = await build.run([programIn(build.directory, name).words[0], '--version'])
  const found = /^\d+\.\d+\S*$/m.exec(output)?.[0]
  if (found === undefined) throw new Error(`${name} does not tell its version: ${output}`)
  return found
}
