import { AtelierError } from '../../src/errors.ts'
import type { Apps } from '../../src/proxy/parts.ts'
import type { Session } from '../../src/sessions/session.ts'

/** The sessions of a benchmark serve no web apps of their own. */
export const NO_APPS: Apps = {
  find: async () => [],
  connect: () => Promise.reject(new AtelierError('PORT_NOT_SERVED')),
}

/**
 * Active JupyterLab sessions on this node: one for each socket, by its id, and `others` more that nobody asks, with ids
 * as ours are.
 */
export function sessionsFor(
  owner: { readonly user: string; readonly node: string },
  sockets: Readonly<Record<string, string>>,
  others: number,
): readonly Session[] {
  const asked = Object.entries(sockets).map(([id, path]) => session(owner, id, path))
  const unasked = Array.from({ length: others }, (_none, index) => {
    const id = index.toString(36).padStart(12, 'x')
    return session(owner, id, `/nonexistent/${id}`)
  })
  return [...unasked, ...asked]
}

function session(
  { user, node }: { readonly user: string; readonly node: string },
  id: string,
  path: string,
): Session {
  const now = new Date()
  return {
    id,
    user,
    node,
    name: null,
    // It keeps the prefix, as the other contenders do.
    ide: 'jupyterlab',
    python: null,
    r: null,
    profile: null,
    folder: null,
    limits: null,
    desired: 'running',
    state: 'Active',
    reason: null,
    logTail: null,
    epoch: 1,
    version: 1,
    jobId: `job-${id}`,
    location: { kind: 'socket', path },
    createdAt: now,
    stateAt: now,
    lastUsedAt: now,
    lastBusyAt: null,
    keepUntil: null,
    stopReason: null,
  }
}
