import type { Log } from '../log.ts'

type Write = (facts: object, text: string) => void

/** The logger of one Launcher cluster. */
export interface ClusterLog {
  readonly debug: Write
  readonly info: Write
  readonly warn: Write
  readonly error: Write
}

/** A logger that says with everything which Launcher cluster it is about. */
export function clusterLog(log: Log, cluster: string): ClusterLog {
  return {
    debug: (facts, text) => log.debug({ cluster, ...facts }, text),
    info: (facts, text) => log.info({ cluster, ...facts }, text),
    warn: (facts, text) => log.warn({ cluster, ...facts }, text),
    error: (facts, text) => log.error({ cluster, ...facts }, text),
  }
}
