import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { InstallBuild } from './install-build.ts'

/** Installs Debian packages; throws CommandFailed. Only for root on a system with apt. */
export async function installPackages(
  build: InstallBuild,
  names: readonly string[],
): Promise<void> {
  // Nothing to do, unless an earlier run was killed in the middle: then apt would refuse to work.
  await build.run(['dpkg', '--configure', '-a'])
  const wait = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=2']
  await build.run(['apt-get', ...wait, 'update'])
  await build.run(['apt-get', ...wait, 'install', '-y', '--no-install-recommends', ...names])
}

/** True if root may install Debian packages here. */
export async function canInstallPackages(build: InstallBuild): Promise<boolean> {
  return build.root && (await commandExists('apt-get', build.environment['PATH'] ?? ''))
}

/** True if a program of this name is in the path, a list of folders as in $PATH. */
export async function commandExists(name: string, path: string): Promise<boolean> {
  for (const directory of path.split(delimiter)) {
    try {
      await access(join(directory, name))
      return true
    } catch {
      // The next folder may have it.
    }
  }
  return false
}
