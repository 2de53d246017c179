import { join } from 'node:path'
import { dataPaths, type Config } from '../config.ts'

/** The address of everything that only this machine is to reach. */
export const LOOPBACK = '127.0.0.1'

/** The configuration of one node of a cluster on one machine, whose own configuration is `config`. */
export function clusterNodeConfig(
  config: Config,
  { name, port }: { readonly name: string; readonly port: number },
): Config {
  const { clusterKey, ides } = dataPaths(config)
  return {
    ...config,
    server: { host: LOOPBACK, port },
    data: { directory: join(config.data.directory, name) },
    node: { ...config.node, name, url: `http://${LOOPBACK}:${port}` },
    cluster: { ...config.cluster, enabled: true, key_file: clusterKey },
    gossip: { ...config.gossip, host: LOOPBACK, port: 0 },
    ides: { ...config.ides, directory: ides },
  }
}
