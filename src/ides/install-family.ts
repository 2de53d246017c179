import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FamilyPaths } from './ide-family.ts'
import type { InstallBuild, InstallPlan } from './install-build.ts'
import { CommandFailed, runInstallCommand } from './install-command.ts'
import { makeBuild, publishBuild, removeOldBuilds } from './install-directory.ts'
import { installEnvironment } from './install-environment.ts'
import { asInstallError } from './install-error.ts'
import type { InstallOptions } from './install-options.ts'
import { InstallReport } from './install-report.ts'
import { runInstallSteps } from './install-steps.ts'
import { INSTALLED_FILE } from './installed.ts'
import type { Installed } from './installed.ts'

/** No command of an installation takes longer on any server we know, in ms. */
const COMMAND_TIMEOUT_MS = 10 * 60_000

/** Builds a family in a new folder and puts it in place once it is whole; the caller holds its lock. Throws InstallError. */
export async function installFamily(
  options: InstallOptions,
  paths: FamilyPaths,
  plan: InstallPlan,
): Promise<void> {
  const { ide, log, signal } = options
  const report = new InstallReport({ file: paths.state, log, report: options.report })
  report.progress({ step: 'Starting', percent: 0 })
  let rescued = false
  try {
    await removeOldBuilds(paths)
    const directory = await makeBuild(paths)
    const build = buildIn(directory, options, paths)
    try {
      await runInstallSteps(plan.steps(build), (progress) => report.progress(progress))
      await completeBuild(build, { recipe: plan.recipe, versions: await plan.versions(build) })
      await publishBuild(paths, directory)
    } catch (error) {
      if (!signal.aborted) rescued = await rescue(plan, build, options)
      await rm(directory, { recursive: true, force: true, maxRetries: 3 })
      throw error
    }
    await report.end('installed')
  } catch (error) {
    const failure = asInstallError(error, ide, signal)
    const output = error instanceof CommandFailed ? error.output : undefined
    log.warn({ err: error, ide, output }, 'an installation failed')
    await report.end(failure)
    if (!rescued) throw failure
  }
}

async function completeBuild(build: InstallBuild, installed: Installed): Promise<void> {
  await writeFile(join(build.directory, INSTALLED_FILE), `${JSON.stringify(installed)}\n`)
  await build.run(['chmod', '-R', 'a+rX,go-w', build.directory])
}

async function rescue(
  plan: InstallPlan,
  build: InstallBuild,
  { ide, log }: InstallOptions,
): Promise<boolean> {
  try {
    return (await plan.rescue?.(build, ide)) ?? false
  } catch (error) {
    log.warn({ err: error, ide }, 'nor could the IDE be installed by other means')
    return false
  }
}

function buildIn(directory: string, options: InstallOptions, paths: FamilyPaths): InstallBuild {
  const environment = installEnvironment(options.environment)
  const { root, log, signal } = options
  return {
    directory,
    root,
    environment,
    log,
    run: (words, { cwd = directory, environment: extra, onLine } = {}) =>
      runInstallCommand({
        words,
        cwd,
        environment: { ...environment, ...extra },
        logFile: paths.log,
        signal,
        timeoutMs: COMMAND_TIMEOUT_MS,
        ...(onLine === undefined ? {} : { onLine }),
      }),
  }
}
