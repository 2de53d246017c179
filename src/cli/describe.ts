import type { Command } from 'commander'

/** What the help of a command teaches. */
export interface Teaching {
  /** A few words for the list of commands. */
  readonly summary: string
  /** What it is for, in sentences. */
  readonly description: string
  /** Command lines as one would type them, each with what it does. */
  readonly examples: readonly (readonly [commandLine: string, does: string])[]
}

/** Gives a command its help: what it is for, and examples. */
export function describe(command: Command, teaching: Teaching): Command {
  const examples = teaching.examples.map(([line, does]) => `  $ ${line}\n      ${does}`)
  return command
    .summary(teaching.summary)
    .description(teaching.description)
    .addHelpText('after', `\nExamples:\n${examples.join('\n')}`)
}

/** Lets a command answer as JSON. */
export function withJson(command: Command): Command {
  return command.option('--json', 'answer as JSON, for programs')
}

/** The option of `withJson`. */
export interface JsonOption {
  readonly json?: boolean
}
