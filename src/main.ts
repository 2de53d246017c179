#!/usr/bin/env node
// The only file that touches the process: argv, environment, streams, signals, exit codes. Commands are in cli/.
import { readFileSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { isatty } from 'node:tty'
import { fileURLToPath } from 'node:url'
import type { ParentChannel } from './cli/context.ts'
import { runCommand } from './cli/run-command.ts'

const packageFile = new URL('../../package.json', import.meta.url)
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string }
const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor))

function isTerminalGone(): boolean {
  return terminals.some((descriptor) => !isatty(descriptor))
}

/** Aborted by what ends this process in order; see CliContext. */
function stopSignal(onHangUp?: () => void): AbortSignal {
  const stop = new AbortController()
  const abort = () => stop.abort()
  for (const name of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(name, abort)
  process.on('SIGHUP', () => {
    if (onHangUp === undefined || isTerminalGone()) abort()
    else onHangUp()
  })
  return stop.signal
}

function parentChannel(): ParentChannel | undefined {
  if (process.send === undefined) return undefined
  const came: [message: unknown, handle: unknown][] = []
  process.on('message', (message, handle) => came.push([message, handle]))
  return {
    send(message, handle) {
      if (process.connected) process.send?.(message, handle)
    },
    onMessage(listener) {
      for (const [message, handle] of came) listener(message, handle)
      process.on('message', listener)
    },
  }
}

// Whoever reads our output may end before we do, and a terminal may be closed: neither is a reason to fail.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

const context = {
  version,
  script: fileURLToPath(import.meta.url),
  execPath: process.execPath,
  webDirectory: fileURLToPath(new URL('../web', import.meta.url)),
  environment: process.env,
  account: { name: userInfo().username, home: homedir(), root: process.getuid?.() === 0 },
  // Made when it is asked for: only a plugin reads it.
  get stdin() {
    return process.stdin
  },
  stdout: process.stdout,
  stderr: process.stderr,
  parent: parentChannel(),
  stopSignal,
}
const exitCode = await runCommand(context, process.argv.slice(2))
if (isTerminalGone()) {
  // By the signal that has told us, for Node's own exit aborts where it cannot put the terminal back in order.
  process.removeAllListeners('SIGHUP')
  process.kill(process.pid, 'SIGHUP')
}
process.exit(exitCode)
