import { join } from 'node:path'
import { dataPaths, type Config } from '../config.ts'
import {
  configNews,
  ownVariables,
  resolvedConfig,
  type StartContext,
  type Stops,
} from './start-context.ts'
import { SupervisedProcess } from './supervised-process.ts'

const LAUNCHER_STOP_MS = 5_000

/** Runs a Launcher and keeps it running; `config` is the one in force, completed. */
export function superviseLauncher(
  config: () => Config,
  { context, stops }: { readonly context: StartContext; readonly stops: Stops },
): void {
  // The Launcher starts other people's programs: it is not told how to reach the database.
  const told = () => ({ ...config(), database: {} })
  const launcher = new SupervisedProcess({
    name: 'launcher',
    script: context.script,
    args: ['launcher'],
    environment: () => ({ ...ownVariables(context), ...resolvedConfig(told()) }),
    logFile: join(dataPaths(config()).log, 'launcher.log'),
    log: context.log,
  })
  // Also when nothing of it has changed: its plugins read their own configuration again.
  context.live.onReload(() => launcher.send(configNews(told())))
  stops.push(() => launcher.stop(LAUNCHER_STOP_MS))
  launcher.start()
}
