import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'

/** A plugin that has been started, as a Launcher sees it. */
export interface RunningPlugin {
  readonly input: Writable
  readonly output: AsyncIterable<Buffer>
  /** Resolves with how it ended, as the end of a sentence. */
  readonly ended: Promise<string>
  signal(name: 'SIGTERM' | 'SIGKILL'): void
}

/** Starts the plugin with these flags; never throws: a program that is not there ends at once. */
export type StartPlugin = (flags: readonly string[]) => RunningPlugin

/** Lines of a plugin's log that are told when it ends. */
const TOLD_LINES = 5
const KEPT_CHARACTERS = 4096

/** Starts plugins by their command. What they write to standard error goes to `log`, and its end into how they ended. */
export function pluginStarter(options: {
  readonly command: string
  readonly args: readonly string[]
  readonly environment: NodeJS.ProcessEnv
  log(text: string): void
}): StartPlugin {
  return (flags) => {
    const plugin = spawn(options.command, [...options.args, ...flags], { env: options.environment })
    // A plugin that is gone is noticed by its end; writing to it then is no event of its own.
    plugin.stdin.on('error', () => {})
    let said = ''
    plugin.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-KEPT_CHARACTERS)
      options.log(text)
    })
    const ended = new Promise<string>((resolve) => {
      plugin.once('error', (error) => resolve(`it cannot be run: ${error.message}`))
      plugin.once('exit', (code, signal) => {
        const lines = said.trim().split('\n').slice(-TOLD_LINES).join('\n    ')
        const how = signal === null ? `it ended with code ${code}` : `it ended by ${signal}`
        resolve(lines === '' ? how : `${how}; its log ends with:\n    ${lines}`)
      })
    })
    return {
      input: plugin.stdin,
      output: plugin.stdout,
      ended,
      signal: (name) => void plugin.kill(name),
    }
  }
}
