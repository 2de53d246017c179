import { chmod, mkdir, mkdtemp, readdir, realpath, rename, rm, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { execa } from 'execa'
import { nanoid } from 'nanoid'
import type { FamilyPaths } from './ide-family.ts'
import { InstallError } from './install-error.ts'
import { reachableByAll } from './system-programs.ts'

/**
 * Makes the IDEs' folder. Throws InstallError if root makes it where `account`, else any account, cannot get to.
 */
export async function prepareIdesDirectory(
  directory: string,
  options: { root: boolean; account?: string },
): Promise<void> {
  const first = await mkdir(directory, { recursive: true })
  if (!options.root) return
  if (first !== undefined) await openFolders(first, directory)
  if (await canReach(directory, options.account)) return
  throw new InstallError(
    "The sessions' accounts cannot reach the folder where IDEs are installed.",
    `Set ides.directory in the configuration to a folder that all accounts can reach, such as /var/lib/atelier/ides (it is ${directory}).`,
  )
}

/** Our own umask may be stricter than what sessions need; only folders that we made are opened. */
async function openFolders(first: string, last: string): Promise<void> {
  await chmod(last, 0o755)
  if (last !== first && dirname(last) !== last) await openFolders(first, dirname(last))
}

async function canReach(directory: string, account: string | undefined): Promise<boolean> {
  if (account === undefined) return reachableByAll(directory)
  const result = await execa('runuser', ['-u', account, '--', 'test', '-x', directory], {
    cwd: '/',
    stdin: 'ignore',
    timeout: 20_000,
    reject: false,
  })
  return !result.failed
}

/** Makes the folder of a new build. */
export async function makeBuild(paths: FamilyPaths): Promise<string> {
  const build = await mkdtemp(paths.buildPrefix)
  await chmod(build, 0o755)
  return build
}

/** Makes this build the family's installation, in one step. */
export async function publishBuild(paths: FamilyPaths, build: string): Promise<void> {
  const draft = `${paths.buildPrefix}${nanoid(8)}`
  await symlink(basename(build), draft)
  try {
    await rename(draft, paths.link)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

/**
 * Removes what killed installers left, and builds before the present one. The one that a new build replaces stays
 * until the next installation, for sessions may run from it.
 */
export async function removeOldBuilds(paths: FamilyPaths): Promise<void> {
  const directory = dirname(paths.link)
  const current = await realpath(paths.link).catch(() => undefined)
  const old = (await readdir(directory)).filter(
    (name) =>
      (name.startsWith(basename(paths.buildPrefix)) ||
        name.startsWith(`${basename(paths.state)}.`)) &&
      name !== (current === undefined ? undefined : basename(current)),
  )
  await Promise.all(
    old.map((name) => rm(join(directory, name), { recursive: true, force: true, maxRetries: 3 })),
  )
}
