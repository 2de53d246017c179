import { readdir } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import type { InstallBuild } from './install-build.ts'
import { InstallError } from './install-error.ts'
import { installCommand } from './ide-family.ts'
import { canInstallPackages, installPackages } from './system-packages.ts'
import { usableByAll } from './system-programs.ts'

const SYSTEM_FOLDERS = ['/usr/bin', '/usr/local/bin']

/** Prints the real program if it is new enough and can make an environment with pip. */
const QUESTION =
  'import sys, venv, ensurepip; assert sys.version_info >= (3, 9); print("python", sys.executable)'

/**
 * A Python from 3.9 that can make virtual environments. Root takes one that every account can run, the system's first,
 * and installs Debian's if there is none; anybody else the first in their PATH. Throws InstallError.
 */
export async function choosePython(build: InstallBuild): Promise<string> {
  const found = await findPython(build)
  if (found !== undefined) return found
  if (await canInstallPackages(build)) {
    await installPackages(build, ['python3', 'python3-venv'])
    const installed = await findPython(build)
    if (installed !== undefined) return installed
  }
  throw new InstallError(
    'There is no Python 3.9 or newer that can make virtual environments.',
    `sudo apt-get install -y python3 python3-venv && ${installCommand('jupyterlab')}`,
  )
}

async function findPython(build: InstallBuild): Promise<string | undefined> {
  for (const candidate of await candidates(build)) {
    if (build.root && !(await usableByAll(candidate))) continue
    try {
      const output = await build.run([candidate, '-I', '-c', QUESTION])
      const program = /^python (\/.+)$/m.exec(output)?.[1]
      // A shim such as pyenv's runs another program than its own.
      if (program !== undefined && (!build.root || (await usableByAll(program)))) return program
    } catch {
      // Too old, or without venv, or no Python at all: the next one may do.
    }
  }
  return undefined
}

async function candidates(build: InstallBuild): Promise<readonly string[]> {
  const path = (build.environment['PATH'] ?? '').split(delimiter).filter(isAbsolute)
  const folders = build.root ? [...SYSTEM_FOLDERS, ...path] : [...path, ...SYSTEM_FOLDERS]
  const named = folders.map((folder) => join(folder, 'python3'))
  // Beside a python3 that is too old there may be a newer one under its own name.
  const versioned = await Promise.all(SYSTEM_FOLDERS.map(versionedPythons))
  return [...new Set([...named, ...versioned.flat()])]
}

async function versionedPythons(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((): string[] => [])
  return names
    .filter((name) => /^python3\.\d+$/.test(name))
    .sort((a, b) => Number(b.slice(8)) - Number(a.slice(8)))
    .map((name) => join(folder, name))
}
