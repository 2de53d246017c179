import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { commandAs, SERVER_ENVIRONMENT, type ServerAccount } from './server-account.ts'
import { isPostmasterRunning, sendSignal, type Postmaster } from './postmaster.ts'
import { openServerLog, serverLogEnd } from './server-log.ts'

/** A postmaster that we look after, our child or not. */
export interface ServerProcess {
  readonly pid: number
  isRunning(): Promise<boolean>
  /** Resolves when it is gone, whoever ended it. */
  readonly exited: Promise<void>
}

/** A postmaster that an earlier process of ours has started. */
export function adoptedProcess(postmaster: Postmaster): ServerProcess {
  const isRunning = (): Promise<boolean> => isPostmasterRunning(postmaster)
  return { pid: postmaster.pid, isRunning, exited: untilGone(isRunning) }
}

/** Starts a server that appends to `log`; `words` is what it has written there since. */
export async function spawnServer(options: {
  readonly argv: readonly string[]
  readonly log: string
  readonly account: ServerAccount | undefined
}): Promise<ServerProcess & { words(): Promise<string> }> {
  const [program = '', ...rest] = options.argv
  const { file, args } = commandAs(options.account, program, rest)
  const log = await openServerLog(options.log, options.account)
  try {
    const { size } = await log.stat()
    const child = spawn(file, args, {
      cwd: dirname(options.log),
      env: SERVER_ENVIRONMENT,
      // Its own session, so that Ctrl-C in the terminal reaches only us, who then stop it in order.
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    })
    let running = true
    const exited = new Promise<void>((resolve) => {
      child.once('exit', () => {
        running = false
        resolve()
      })
    })
    await once(child, 'spawn')
    child.unref()
    return {
      pid: child.pid ?? 0,
      isRunning: async () => running,
      exited,
      words: () => serverLogEnd(options.log, size),
    }
  } finally {
    await log.close()
  }
}

/** Stops a server in order, and less and less gently when it does not listen; resolves when it is gone. */
export async function stopServer(server: Pick<ServerProcess, 'pid' | 'isRunning'>): Promise<void> {
  const steps = [
    ['SIGINT', 30_000],
    ['SIGQUIT', 5000],
    ['SIGKILL', 5000],
  ] as const
  for (const [signal, patience] of steps) {
    if (!(await server.isRunning())) return
    sendSignal(server.pid, signal)
    const deadline = Date.now() + patience
    while (Date.now() < deadline) {
      if (!(await server.isRunning())) return
      await sleep(10)
    }
  }
  throw new Error(`Postgres (process ${server.pid}) does not stop.`)
}

/** Polls, for the end of a process that is not our child is not told to us; keeps no process alive. */
async function untilGone(isRunning: () => Promise<boolean>): Promise<void> {
  while (await isRunning()) await sleep(200, undefined, { ref: false })
}
