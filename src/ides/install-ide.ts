import { writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { familyOf, familyPaths, installCommand } from './ide-family.ts'
import type { FamilyPaths, IdeFamily } from './ide-family.ts'
import type { InstallBuild, InstallPlan } from './install-build.ts'
import { prepareIdesDirectory } from './install-directory.ts'
import { InstallError } from './install-error.ts'
import { jupyterPlan } from './install-jupyter.ts'
import { tryInstallLock } from './install-lock.ts'
import type { InstallLock } from './install-lock.ts'
import { installFamily } from './install-family.ts'
import { installerAlive, readInstallState } from './install-state.ts'
import type { InstallOptions } from './install-options.ts'
import { vscodePlan } from './install-vscode.ts'
import { ownProgram } from './installed.ts'

/** How each family is built. */
export type InstallPlans = Readonly<Record<IdeFamily, (build: InstallBuild) => InstallPlan>>

const PLANS: InstallPlans = { jupyter: jupyterPlan, vscode: vscodePlan }

/** How often a waiting caller looks how the other installer does, in ms. */
const FOLLOW_MS = 300

/**
 * Installs an IDE, or installs it anew. Whatever happens, either the whole of it is there afterwards or what was there
 * before. If another process is installing it, waits for that one and shares its outcome. Throws InstallError.
 */
export async function installIde(options: InstallOptions, plans = PLANS): Promise<void> {
  const { ide, directory, root, account, signal } = options
  const family = familyOf(ide)
  const paths = familyPaths(directory, family)
  await prepareIdesDirectory(directory, { root, ...(account === undefined ? {} : { account }) })
  const startedAt = new Date().toISOString()
  const free = await tryInstallLock(paths.lock)
  const lock = free ?? (await follow(options, paths))
  try {
    if (free === undefined && (await sharedOutcome(options, paths, startedAt))) return
    await writeFile(paths.log, '', { mode: 0o600 })
    signal.throwIfAborted()
    await installFamily(options, paths, plans[family])
  } finally {
    await lock.release()
  }
}

async function follow(options: InstallOptions, paths: FamilyPaths): Promise<InstallLock> {
  for (;;) {
    const state = await readInstallState(paths.state)
    if (state?.state === 'installing' && (await installerAlive(state))) {
      options.report({ step: state.step ?? '', percent: state.percent ?? 0 })
    }
    const lock = await tryInstallLock(paths.lock)
    if (lock !== undefined) return lock
    await delay(FOLLOW_MS, undefined, { signal: options.signal })
  }
}

/** True if the installer we waited for has done it; throws if it failed; false if it was killed. */
async function sharedOutcome(
  { ide, directory }: InstallOptions,
  paths: FamilyPaths,
  since: string,
): Promise<boolean> {
  const state = await readInstallState(paths.state)
  if (state === undefined || state.time < since) return false
  if (state.state === 'installed') return (await ownProgram(directory, ide)) !== undefined
  if (state.state === 'installing') return false
  throw new InstallError(
    state.message ?? 'The installation failed.',
    state.mend ?? installCommand(ide),
  )
}
