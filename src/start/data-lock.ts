import { dataPaths, type Config } from '../config.ts'
import { ProcessLock } from '../process-lock.ts'

/** The lock that `atelier start` holds on its data directory while it runs. */
export function dataLock(config: Config): ProcessLock {
  return new ProcessLock({
    file: dataPaths(config).lock,
    refusal: (holder) =>
      `Atelier already runs on this data directory (process ${holder}). Stop that one first, or give this one a directory of its own with --set data.directory=/another/place`,
  })
}
