import { pid } from 'node:process'
import { takeInheritedSocket } from '../inherited-socket.ts'
import { createLog } from '../log.ts'
import type { NodeMessage } from '../start/messages.ts'
import { followConfig, type ConfigOptions } from './config-options.ts'
import type { CliContext } from './context.ts'
import { ended } from './ended.ts'
import { reasonOf } from './failure.ts'

/** Runs a node until the process is to end. Throws when it cannot serve. */
export async function runNode(context: CliContext, options: ConfigOptions): Promise<void> {
  const { parent, environment, version, webDirectory } = context
  const tell = (message: NodeMessage, handle?: Parameters<NonNullable<typeof parent>['send']>[1]) =>
    parent?.send(message, handle)
  const { live, log, onHangUp } = followConfig(context, options, (config) =>
    createLog(config.log.level, 'node'),
  )
  const signal = context.stopSignal(onHangUp)
  const { startNode } = await import('../node.ts')
  const isFirst = environment['ATELIER_NODE'] === 'first'
  try {
    const listener = listenerOf(context)
    const node = await startNode({
      live,
      log,
      version,
      signal,
      webDirectory,
      withSignInLink: isFirst,
      ...(listener && { listener }),
    })
    const { port, signInToken } = node
    // Nobody else is to hold the socket open: it would let connections wait for a node that is gone.
    tell({ type: 'ready', port, signInToken }, isFirst ? node.handle : undefined)
    await ended(AbortSignal.any([signal, node.superseded]))
    await node.stop()
    node.superseded.throwIfAborted()
  } catch (error) {
    if (signal.aborted) return
    log.error({ err: error }, 'the node cannot serve')
    tell({ type: 'failed', reason: reasonOf(error) })
    throw error
  }
}

/** The socket that somebody else holds open for us: `atelier start`, or systemd. */
function listenerOf(context: CliContext): Promise<object> | undefined {
  const inherited = takeInheritedSocket(context.environment, pid)
  if (context.environment['ATELIER_NODE'] === 'again') return handedListener(context)
  return inherited && Promise.resolve(inherited)
}

/** The socket that `atelier start` holds open for its nodes. */
function handedListener({ parent }: CliContext): Promise<object> {
  return new Promise((resolve) => {
    parent?.onMessage((_message, handle) => {
      if (typeof handle === 'object' && handle !== null) resolve(handle)
    })
  })
}
