import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { arch } from 'node:process'
import type { InstallBuild, InstallPlan } from './install-build.ts'
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

/**
 * Builds VS Code from the npm package code-server. Its own install script would compile modules that need more than a
 * bare machine has (Kerberos, SQLite); without scripts, only two small modules are left to compile.
 */
export function vscodePlan(build: InstallBuild): InstallPlan {
  const vscode = join(codeServerIn(build.directory), 'lib', 'vscode')
  const npm = ['npm', 'install', '--ignore-scripts', '--omit=dev', '--no-package-lock'] as const
  // For compiling only: npm finds the system's npmrc beside the Node it runs on, and downloads may need it.
  const node24 = {
    PATH: `${join(build.directory, 'node', 'bin')}:${build.environment['PATH'] ?? ''}`,
    npm_config_nodedir: join(build.directory, 'node'),
  }
  return {
    steps: [
      {
        title: 'Preparing',
        seconds: 2,
        async run() {
          await requireNpm(build)
          if (await missesCompiler(build)) {
            if (await canInstallPackages(build)) await installPackages(build, COMPILER)
          }
        },
      },
      {
        title: 'Downloading VS Code',
        seconds: 20,
        async run() {
          await writeManifest(build.directory)
          await build.run(npm)
          const package_ = join(build.directory, 'node_modules', `node-linux-${arch}`)
          await rename(package_, join(build.directory, 'node'))
        },
      },
      {
        title: 'Downloading its parts',
        seconds: 10,
        async run() {
          await dropDependencies(vscode)
          await build.run(npm, { cwd: vscode })
          await build.run(npm, { cwd: join(vscode, 'extensions') })
        },
      },
      {
        title: 'Compiling',
        seconds: 20,
        async run() {
          if (await missesCompiler(build)) {
            build.log.warn(
              { mend: `sudo apt-get install -y ${COMPILER.join(' ')}` },
              'VS Code is installed without its own log files: there is no C++ compiler',
            )
            return
          }
          const rebuild = [
            'npm',
            'rebuild',
            '--ignore-scripts=false',
            '--foreground-scripts',
          ] as const
          await build.run([...rebuild, ...NATIVE_MODULES], { cwd: vscode, environment: node24 })
        },
      },
      {
        title: 'Tidying up',
        seconds: 3,
        async run() {
          await adjustCodeServer(vscode)
          await dropUnused(build.directory, vscode)
        },
      },
    ],
    async installed() {
      const check =
        'require("node-pty"); require("@parcel/watcher"); require("@vscode/fs-copyfile")'
      await build.run([nodeIn(build.directory), '-e', check], { cwd: vscode })
      return { versions: { vscode: CODE_SERVER } }
    },
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
