import { join } from 'node:path'
import { dataPaths, type Config } from '../config.ts'
import type { Listener } from './listener.ts'
import { nodeMessage } from './messages.ts'
import type { NodeIdentity } from './node-identity.ts'
import { childEnvironment, configNews, type StartContext, type Stops } from './start-context.ts'
import { SupervisedProcess } from './supervised-process.ts'

const NODE_STOP_MS = 15_000

/** A node that has come to serve. */
export interface ReadyNode {
  readonly port: number
  readonly pid: number | undefined
  /** The token of a one-time sign-in link, which the first node of a listener makes. */
  readonly signInToken: string | undefined
  /** False when it has been started again. */
  readonly isFirst: boolean
}

/**
 * Runs a node and keeps it running; `config` is the one in force, completed. Resolves when it serves, or when it is all to
 * stop; throws when its first start fails. With a listener its socket is held over its restarts.
 */
export async function superviseNode(
  config: () => Config,
  options: {
    readonly context: StartContext
    readonly stops: Stops
    /** What it is to become when root starts it. */
    readonly identity: NodeIdentity | undefined
    readonly listener?: Listener
    readonly onReady: (node: ReadyNode) => void
  },
): Promise<void> {
  const { context, stops, identity, listener, onReady } = options
  const { live, signal } = context
  await new Promise<void>((resolve, reject) => {
    let isFirst = true
    const onMessage = (raw: unknown, handle: unknown) => {
      const message = nodeMessage.parse(raw)
      if (message.type === 'failed') return reject(new Error(message.reason))
      if (isFirst) listener?.hold(handle)
      const { port, signInToken } = message
      onReady({ port, signInToken, pid: node.pid, isFirst })
      isFirst = false
      resolve()
    }
    const node = new SupervisedProcess({
      name: 'node',
      script: identity?.script ?? context.script,
      args: ['node'],
      environment: () => ({
        ...childEnvironment(config(), context),
        ...identity?.environment,
        ATELIER_NODE: listener && (listener.isHeld ? 'again' : 'first'),
      }),
      logFile: join(dataPaths(config()).log, 'node.log'),
      onMessage,
      onStart: (child) => listener?.giveTo(child),
      log: context.log,
    })
    stops.push(async () => {
      listener?.release()
      await node.stop(NODE_STOP_MS)
    })
    live.onChange(() => node.send(configNews(config())))
    signal.addEventListener('abort', () => resolve(), { once: true })
    node.start()
  })
}
