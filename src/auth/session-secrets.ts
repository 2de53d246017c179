import { createHmac } from 'node:crypto'
import type { ClusterKey } from './cluster-key.ts'

/**
 * The secret of each session, which its IDE is started with and the proxy shows it. Derived and not stored: every node
 * knows it, the database and the Launcher's files do not.
 */
export function sessionSecrets(
  clusterKey: ClusterKey,
): (session: { readonly id: string; readonly epoch: number }) => string {
  const key = clusterKey.derive('session secrets')
  return ({ id, epoch }) => createHmac('sha256', key).update(`${id}.${epoch}`).digest('base64url')
}
