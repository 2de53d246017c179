import type { Log } from '../log.ts'
import type { LauncherCluster } from './cluster.ts'
import { RELOAD_ERROR } from './protocol.ts'

/** What came of reading a plugin's configuration again; `unsupported` if it cannot do that while it runs. */
export interface ClusterReload {
  readonly cluster: string
  readonly outcome: 'read' | 'unsupported' | keyof Omit<typeof RELOAD_ERROR, 'none'>
  /** What the plugin says of it. */
  readonly message: string
}

/** Lets the plugin of a Launcher cluster read its configuration again, and logs it if that fails. */
export async function reloadCluster(
  cluster: Pick<LauncherCluster, 'name' | 'reload'>,
  log: Log,
): Promise<ClusterReload> {
  const reload = await outcomeOf(cluster)
  if (reload.outcome !== 'read' && reload.outcome !== 'unsupported') {
    const text =
      'The plugin could not read its configuration again; the last good one stays in force'
    log.error(reload, text)
  }
  return reload
}

async function outcomeOf(
  cluster: Pick<LauncherCluster, 'name' | 'reload'>,
): Promise<ClusterReload> {
  const { name } = cluster
  try {
    const answer = await cluster.reload()
    if (answer === null) return { cluster: name, outcome: 'unsupported', message: '' }
    return { cluster: name, outcome: outcomeName(answer.errorType), message: answer.errorMessage }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { cluster: name, outcome: 'unknown', message }
  }
}

function outcomeName(errorType: number): ClusterReload['outcome'] {
  switch (errorType) {
    case RELOAD_ERROR.none:
      return 'read'
    case RELOAD_ERROR.load:
      return 'load'
    case RELOAD_ERROR.validate:
      return 'validate'
    case RELOAD_ERROR.save:
      return 'save'
    default:
      return 'unknown'
  }
}
