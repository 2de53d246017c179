import { tryLock, type HeldLock } from '../process-lock.ts'
import { writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { familyOf, familyPaths, installCommand } from './ide-family.ts'
import type { FamilyPaths, IdeFamily, InstallableIde } from './ide-family.ts'
import type { InstallPlan } from './install-build.ts'
import { prepareIdesDirectory } from './install-directory.ts'
import { asInstallError, InstallError } from './install-error.ts'
import { jupyterPlan } from './install-jupyter.ts'
import { installFamily } from './install-family.ts'
import { installerAlive, readInstallState } from './install-state.ts'
import type { InstallOptions } from './install-options.ts'
import { vscodePlan } from './install-vscode.ts'
import { readInstalled } from './installed.ts'

/** How each family is built. */
export type InstallPlans = Readonly<Record<IdeFamily, InstallPlan>>

const PLANS: InstallPlans = { jupyter: jupyterPlan, vscode: vscodePlan }

/** How often a waiting caller looks how the other installer does, in ms. */
const FOLLOW_MS = 300

/**
 * Installs an IDE unless it is installed just so. Whatever happens, either the whole of it is there afterwards or what
 * was there before. If another process is installing it, waits for that one and shares its outcome. Throws
 * InstallError.
 */
export async function installIde(options: InstallOptions, plans = PLANS): Promise<void> {
  try {
    await installAlone(options, plans[familyOf(options.ide)])
  } catch (error) {
    if (!(error instanceof InstallError || options.signal.aborted)) {
      options.log.warn({ err: error, ide: options.ide }, 'an installation cannot begin')
    }
    throw asInstallError(error, options.ide, options.signal)
  }
}

async function installAlone(options: InstallOptions, plan: InstallPlan): Promise<void> {
  const { ide, directory, root, account } = options
  const family = familyOf(ide)
  const paths = familyPaths(directory, family)
  await prepareIdesDirectory(directory, { root, ...(account === undefined ? {} : { account }) })
  const startedAt = new Date().toISOString()
  const free = await tryLock(paths.lock)
  const lock = free ?? (await follow(options, paths))
  try {
    if ((await readInstalled(directory, family))?.installed.recipe === plan.recipe) return
    if (free === undefined) await throwSharedFailure(ide, paths, startedAt)
    await writeFile(paths.log, '', { mode: 0o600 })
    await installFamily(options, paths, plan)
  } finally {
    await lock.release()
  }
}

async function follow(options: InstallOptions, paths: FamilyPaths): Promise<HeldLock> {
  for (;;) {
    const state = await readInstallState(paths.state)
    if (state?.state === 'installing' && (await installerAlive(state))) {
      options.report({ step: state.step ?? '', percent: state.percent ?? 0 })
    }
    const lock = await tryLock(paths.lock)
    if (lock !== undefined) return lock
    await delay(FOLLOW_MS, undefined, { signal: options.signal })
  }
}

/** If the installer we waited for has failed there is no use in trying again at once; one that was killed tells nothing. */
async function throwSharedFailure(
  ide: InstallableIde,
  paths: FamilyPaths,
  since: string,
): Promise<void> {
  const state = await readInstallState(paths.state)
  if (state?.state !== 'failed' || state.time < since) return
  throw new InstallError(
    state.message ?? 'The installation failed.',
    state.mend ?? installCommand(ide),
  )
}
