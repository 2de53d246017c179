import { pid } from 'node:process'
import { takeInheritedSocket } from '../inherited-socket.ts'
import { dataPaths, type Config } from '../config.ts'
import { makeJobOutputDirectory } from '../job-output-directory.ts'
import { leaveRoot } from '../leave-root.ts'
import { createLog } from '../log.ts'
import { nodeAccount } from '../node-account.ts'
import { programFiles } from '../program-files.ts'
import { smallPort } from '../small-port.ts'
import type { NodeMessage } from '../start/messages.ts'
import { lastingPath } from '../start/program-copy.ts'
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
  const { readNodeFiles } = await import('../node-files.ts')
  const isFirst = environment['ATELIER_NODE'] === 'first'
  try {
    const files = readNodeFiles(live.config)
    const given = listenerOf(context)
    const own = given || !context.account.root ? undefined : await smallPort(live.config)
    const listener = given ?? (own && Promise.resolve(own))
    await prepare(context, live.config)
    const node = await startNode({
      live,
      files,
      log,
      version,
      signal,
      webDirectory,
      program: { node: context.execPath, script: lastingPath(context.script, live.config) },
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

/** Makes what only root may be able to make, and leaves root: it never faces the web. */
async function prepare({ account: { root }, script }: CliContext, config: Config): Promise<void> {
  const account = root ? await nodeAccount(config) : undefined
  makeJobOutputDirectory(dataPaths(config).jobOutput, account)
  if (account === undefined) return
  leaveRoot(account, { files: programFiles(script), directory: config.data.directory })
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
