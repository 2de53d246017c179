import { z } from 'zod'
import { dataPaths, type Config } from '../config.ts'
import { isInstallable, type InstallableIde } from '../ides/ide-family.ts'
import { Ides } from '../ides/ides.ts'
import { installInTerminal, type Terminal } from '../ides/install-terminal.ts'
import type { Log } from '../log.ts'
import { IDE_NAMES } from '../sessions/session.ts'

const INSTALLABLE = IDE_NAMES.filter(isInstallable).join(', ')

/** What installing needs from the process. */
export interface InstallContext {
  readonly config: Config
  readonly log: Log
  readonly root: boolean
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly terminal: Terminal
}

/** Installs the IDEs that cannot be used yet, unless `ides.install` is false, with progress in the terminal; a failure is a warning there. */
export async function installMissing(context: InstallContext): Promise<void> {
  const { config, log } = context
  if (!config.ides.install) return
  const statuses = await new Ides({
    directory: dataPaths(config).ides,
    rserver: config.ides.rserver,
    log,
  }).list()
  const missing = statuses
    .filter(({ state }) => state !== 'installed')
    .map(({ name }) => name)
    .filter(isInstallable)
  if (missing.length > 0) await install(missing, context)
}

/** Installs these IDEs; false if one could not be. Throws when a name is none of an IDE, or of one that we do not install. */
export async function installNamed(
  names: readonly string[],
  context: InstallContext,
): Promise<boolean> {
  const wanted = names.map((name) => {
    const known = z.enum(IDE_NAMES).safeParse(name)
    if (!known.success) throw new Error(`There is no IDE ${name}. There are: ${INSTALLABLE}`)
    if (isInstallable(known.data)) return known.data
    throw new Error(`Atelier does not install ${name}: install RStudio Server 2024.12 or newer.`)
  })
  return install(wanted, context)
}

function install(names: readonly InstallableIde[], context: InstallContext): Promise<boolean> {
  const { config, ...rest } = context
  const { user } = config.launcher
  const directory = dataPaths(config).ides
  return installInTerminal(names, {
    ...rest,
    directory,
    ...(user !== undefined && { account: user }),
  })
}
