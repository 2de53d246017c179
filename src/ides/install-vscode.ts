import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { arch } from 'node:process'
import type { InstallBuild, InstallPlan } from './install-build.ts'
import { CommandFailed } from './install-command.ts'
import { InstallError } from './install-error.ts'
import { installCommand } from './ide-family.ts'
import { codeServerIn, nodeIn } from './installed.ts'
import { canInstallPackages, commandExists, installPackages } from './system-packages.ts'
import { adjustCodeServer, dropDependencies, dropUnused } from './vscode-package.ts'

/** The code-server that is installed, and the major version of the Node it demands. */
const CODE_SERVER = '4.139.1'
const NODE = '24'

/** What VS Code cannot do without a compiler: write its log files (the Output panel), and end with its parent. */
const NATIVE_MODULES = ['@vscode/spdlog', '@vscode/native-watchdog']

const COMPILER = ['g++', 'make', 'python3']

const NPM_INSTALL = [
  'npm',
  'install',
  '--ignore-scripts',
  '--omit=dev',
  '--no-package-lock',
] as const

/**
 * VS Code from the npm package code-server. Its own install script would compile modules that need more than a bare
 * machine has (Kerberos, SQLite); without scripts, only two small modules are left to compile.
 */
export const vscodePlan: InstallPlan = {
  recipe: `code-server ${CODE_SERVER} on Node ${NODE} (2)`,
  steps: (build) => {
    const vscode = vscodeIn(build)
    return [
      { title: 'Preparing', seconds: 2, run: () => prepare(build) },
      {
        title: 'Downloading VS Code',
        seconds: 20,
        async run() {
          await writeManifest(build.directory)
          await build.run(NPM_INSTALL)
          const node = join(build.directory, 'node_modules', `node-linux-${arch}`)
          await rename(node, join(build.directory, 'node'))
        },
      },
      {
        title: 'Downloading its parts',
        seconds: 10,
        async run() {
          await dropDependencies(vscode)
          await build.run(NPM_INSTALL, { cwd: vscode })
          await build.run(NPM_INSTALL, { cwd: join(vscode, 'extensions') })
        },
      },
      { title: 'Compiling', seconds: 20, run: () => compile(build) },
      {
        title: 'Tidying up',
        seconds: 3,
        async run() {
          await adjustCodeServer(vscode)
          await dropUnused(build.directory, vscode)
        },
      },
    ]
  },
  async versions(build) {
    const modules = ['node-pty', '@parcel/watcher', '@vscode/fs-copyfile']
    const check = modules.map((name) => `require(${JSON.stringify(name)})`).join(';')
    await build.run([nodeIn(build.directory), '-e', check], { cwd: vscodeIn(build) })
    return { vscode: CODE_SERVER }
  },
}

function vscodeIn(build: InstallBuild): string {
  return join(codeServerIn(build.directory), 'lib', 'vscode')
}

async function prepare(build: InstallBuild): Promise<void> {
  await requireNpm(build)
  if ((await missesCompiler(build)) && (await canInstallPackages(build))) {
    await installPackages(build, COMPILER)
  }
}

/** Compiles what can be compiled; VS Code does without, so that a failure is only a warning. */
async function compile(build: InstallBuild): Promise<void> {
  const rebuild = ['npm', 'rebuild', '--ignore-scripts=false', '--foreground-scripts'] as const
  try {
    await build.run([...rebuild, ...NATIVE_MODULES], {
      cwd: vscodeIn(build),
      // Only here: npm finds the system's npmrc beside the Node it runs on, and downloads may need that file.
      environment: {
        PATH: `${join(build.directory, 'node', 'bin')}:${build.environment['PATH'] ?? ''}`,
        npm_config_nodedir: join(build.directory, 'node'),
      },
    })
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    const mend = `sudo apt-get install -y ${COMPILER.join(' ')}`
    build.log.warn({ err: error, mend }, 'VS Code is installed without its own log files')
  }
}

async function requireNpm(build: InstallBuild): Promise<void> {
  if (arch !== 'x64' && arch !== 'arm64') {
    throw new InstallError(
      'VS Code cannot be installed on this kind of processor.',
      'Install code-server by other means; Atelier finds it in /usr/local/bin and /usr/bin.',
    )
  }
  if (await commandExists('npm', build.environment['PATH'] ?? '')) return
  throw new InstallError(
    'npm, which installs VS Code, is not in the PATH.',
    `sudo apt-get install -y npm && ${installCommand('vscode')}`,
  )
}

async function missesCompiler(build: InstallBuild): Promise<boolean> {
  const path = build.environment['PATH'] ?? ''
  const found = await Promise.all(COMPILER.map((name) => commandExists(name, path)))
  return found.includes(false)
}

async function writeManifest(directory: string): Promise<void> {
  const dependencies = { 'code-server': CODE_SERVER, [`node-linux-${arch}`]: NODE }
  await writeFile(join(directory, 'package.json'), JSON.stringify({ private: true, dependencies }))
}
