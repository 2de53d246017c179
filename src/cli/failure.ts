import { CommanderError, type Command } from 'commander'
import { ConfigError } from '../config.ts'
import { AtelierError } from '../errors.ts'
import type { Output } from './context.ts'

/** Exit codes of every command. */
export const EXIT = { ok: 0, error: 1, usage: 2 } as const

/** A command that could not do what it was asked to; `message` is one sentence for the person who called it. */
export class CommandFailure extends Error {
  readonly code: string

  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'CommandFailure'
    this.code = code
  }
}

/** The end of a command that was done and stands for something else, which has ended with this code. */
export class ExitWith extends Error {
  readonly exitCode: number

  constructor(exitCode: number) {
    super(`exit code ${exitCode}`)
    this.name = 'ExitWith'
    this.exitCode = exitCode
  }
}

/** A command line that is not understood. */
export class UsageError extends CommandFailure {
  constructor(command: Command, error: CommanderError) {
    const said = error.message.replace(/^error: /, '').replaceAll('\n', ' ')
    super('USAGE', `${said}. See: ${pathOf(command)} --help`)
    this.name = 'UsageError'
  }
}

/** The words that call a command, such as `atelier session list`. */
export function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()
}

/** Tells what went wrong, as a sentence or as `{error: {code, message}}`, and answers the exit code. */
export function reportFailure(error: unknown, stderr: Output, json: boolean): number {
  // Only help and version come as such; help that was not asked for stands for a command that is missing.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  if (error instanceof ExitWith) return error.exitCode
  const failure = asFailure(error)
  if (json) stderr.write(`${JSON.stringify({ error: failure })}\n`)
  else stderr.write(`atelier: ${failure.message}${listed(failure.problems)}\n`)
  return error instanceof UsageError ? EXIT.usage : EXIT.error
}

/** The sentence that tells a person what went wrong. */
export function reasonOf(error: unknown): string {
  const { message, problems } = asFailure(error)
  return message + listed(problems)
}

interface Failure {
  readonly code: string
  readonly message: string
  readonly problems?: readonly string[]
}

function asFailure(error: unknown): Failure {
  if (error instanceof ConfigError) {
    const { problems } = error
    const message = `The configuration has ${problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`}`
    return { code: 'CONFIG_INVALID', message, problems }
  }
  if (error instanceof CommandFailure || error instanceof AtelierError) {
    return { code: error.code, message: error.message }
  }
  return { code: 'FAILED', message: error instanceof Error ? error.message : String(error) }
}

function listed(problems: readonly string[] | undefined): string {
  return problems ? `:${problems.map((problem) => `\n  ${problem}`).join('')}` : ''
}
