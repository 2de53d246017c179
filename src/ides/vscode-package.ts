import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { arch } from 'node:process'
import { z } from 'zod'

/**
 * What VS Code's server names as dependencies but loads only for things that do not work or do not exist here:
 * Copilot's agents and their sandboxes, proxies with Kerberos, Windows, and containers.
 */
const UNUSED_DEPENDENCIES = [
  '@devcontainers/cli',
  '@github/copilot-sdk',
  '@microsoft/mxc-sdk',
  '@vscode/sandbox-runtime',
  '@vscode/sqlite3',
  '@vscode/windows-process-tree',
  '@vscode/windows-registry',
  'kerberos',
  'ssh2',
]

/** Standards that a user can change, unlike a server's own settings, which would stand above the user's. */
const DEFAULTS = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  // The IDE may not forward ports (--disable-proxy), so it shall not offer to.
  'remote.autoForwardPorts': false,
  'telemetry.telemetryLevel': 'off',
  'workbench.enableExperiments': false,
  'workbench.startupEditor': 'none',
  // The whole home is open, and a watch for each of these folders' folders would use up what an account may have.
  'files.watcherExclude': {
    '**/.cache/**': true,
    '**/.local/**': true,
    '**/.npm/**': true,
    '**/miniconda3/**': true,
    '**/anaconda3/**': true,
  },
}

const manifestSchema = z.looseObject({ dependencies: z.record(z.string(), z.string()) })

/** Takes the dependencies that are not used out of VS Code's manifest, before they are installed. */
export async function dropDependencies(vscode: string): Promise<void> {
  const file = join(vscode, 'package.json')
  const manifest = manifestSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  for (const name of UNUSED_DEPENDENCIES) delete manifest.dependencies[name]
  await writeFile(file, JSON.stringify(manifest, null, 2))
}

/** Does what code-server's install script would have done, and sets our defaults by an extension of our own. */
export async function adjustCodeServer(vscode: string): Promise<void> {
  await link('code-linux.sh', join(vscode, 'bin/remote-cli/code-server'))
  await link('code-linux.sh', join(vscode, 'bin/remote-cli/code'))
  await link('browser-linux.sh', join(vscode, 'bin/helpers/browser.sh'))
  const extension = join(vscode, 'extensions', 'atelier-defaults')
  await mkdir(extension)
  await writeFile(
    join(extension, 'package.json'),
    JSON.stringify({
      name: 'atelier-defaults',
      displayName: 'Atelier defaults',
      publisher: 'atelier',
      version: '1.0.0',
      engines: { vscode: '*' },
      contributes: { configurationDefaults: DEFAULTS },
    }),
  )
}

/** Removes what only building needed, and what is there for other systems. */
export async function dropUnused(build: string, vscode: string): Promise<void> {
  const modules = join(vscode, 'node_modules')
  const own = `linux-${arch}`
  await Promise.all([
    rm(join(build, 'node', 'include'), { recursive: true }),
    rm(join(vscode, 'extensions', 'copilot'), { recursive: true }),
    keepOnly(join(modules, '@vscode/ripgrep-universal/bin'), own),
    keepOnly(join(modules, 'node-pty/prebuilds'), own),
  ])
}

async function keepOnly(directory: string, name: string): Promise<void> {
  const others = (await readdir(directory)).filter((entry) => entry !== name)
  await Promise.all(others.map((entry) => rm(join(directory, entry), { recursive: true })))
}

async function link(target: string, file: string): Promise<void> {
  await rm(file, { force: true })
  await symlink(target, file)
}
