import type { Command } from 'commander'

/** The option of `withUser`. */
export interface UserOption {
  readonly user?: string
}

/** Lets a command that talks to the Atelier of this machine be told for whom. */
export function withUser(command: Command): Command {
  return command.option(
    '--user <name>',
    'for whom, where many people sign in: whoever can read the database may speak for anybody (default: who called sudo)',
  )
}
