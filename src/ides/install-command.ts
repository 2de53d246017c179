import { appendFile } from 'node:fs/promises'
import { kill } from 'node:process'
import { execa } from 'execa'
import { systemCode } from '../errors.ts'

/** A command of an installation. */
export interface InstallCommand {
  readonly words: readonly [string, ...string[]]
  readonly cwd: string
  readonly environment: Readonly<Record<string, string>>
  /** Everything it writes is appended to this file. */
  readonly logFile: string
  readonly signal: AbortSignal
  /** It is ended after this time. */
  readonly timeoutMs: number
  readonly onLine?: (line: string) => void
}

/** A command that failed, with its last lines. */
export class CommandFailed extends Error {
  readonly output: string

  constructor(message: string, output: string) {
    super(message)
    this.name = 'CommandFailed'
    this.output = output
  }
}

/** How long a command has between SIGTERM and SIGKILL, in ms. */
const GRACE_MS = 5000
const KEPT_LINES = 40

/**
 * Runs a command in a process group of its own and resolves with its last lines. Throws the signal's reason when it is
 * aborted, CommandFailed when it fails or runs too long; then the whole group has been ended.
 */
export async function runInstallCommand(command: InstallCommand): Promise<string> {
  const { words, cwd, environment, logFile, signal, timeoutMs } = command
  signal.throwIfAborted()
  const limit = AbortSignal.timeout(timeoutMs)
  // What a command makes must be readable by the sessions' accounts, whatever our own umask is.
  const child = execa('/bin/sh', ['-c', 'umask 022; exec "$@"', 'sh', ...words], {
    cwd,
    env: environment,
    extendEnv: false,
    detached: true,
    stdin: 'ignore',
    all: true,
    buffer: false,
    reject: false,
  })
  const end = () => endGroup(child.pid, child)
  const stop = AbortSignal.any([signal, limit])
  stop.addEventListener('abort', end, { once: true })
  const lines = [`$ ${words.join(' ')}`]
  await appendFile(logFile, `${lines[0]}\n`)
  try {
    for await (const line of child.iterable({ from: 'all', preserveNewlines: false })) {
      command.onLine?.(line)
      lines.push(line)
      if (lines.length > KEPT_LINES) lines.shift()
      await appendFile(logFile, `${line}\n`)
    }
  } finally {
    stop.removeEventListener('abort', end)
  }
  const result = await child
  signal.throwIfAborted()
  const output = lines.join('\n')
  if (limit.aborted) throw new CommandFailed(`${words[0]} took longer than ${timeoutMs} ms`, output)
  if (result.failed) {
    throw new CommandFailed(`${words[0]} ended with ${result.exitCode ?? result.signal}`, output)
  }
  return output
}

function endGroup(pid: number | undefined, ended: Promise<unknown>): void {
  if (pid === undefined) return
  signalGroup(pid, 'SIGTERM')
  const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), GRACE_MS)
  void ended.finally(() => clearTimeout(timer))
}

function signalGroup(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    kill(-pid, name)
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error
  }
}
