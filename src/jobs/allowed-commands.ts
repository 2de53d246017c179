import type { Config } from '../config.ts'
import { AtelierError } from '../errors.ts'
import type { JobRequest } from './workbench-job.ts'

/** The commands that an administrator lets people run as jobs, by name. */
export type AllowedCommands = Config['jobs']['commands']

/** A program with arguments. */
interface Words {
  readonly exe: string
  readonly args: readonly string[]
}

/** What a request for a command runs. Throws COMMAND_UNKNOWN, or BAD_REQUEST for arguments that it does not take. */
export function allowedWords(
  request: Pick<JobRequest, 'command' | 'args'>,
  commands: AllowedCommands,
): Words {
  const name = request.command ?? ''
  // Not every name that an object answers to is one of the configuration.
  const allowed = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (allowed === undefined) {
    throw new AtelierError('COMMAND_UNKNOWN', `There is no command ${name} that jobs may run here.`)
  }
  const { exe, args, arguments: takesMore } = allowed
  if (request.args.length > 0 && !takesMore) {
    const message = `The command ${name} takes no arguments: its administrator has set them.`
    throw new AtelierError('BAD_REQUEST', message)
  }
  return { exe, args: [...args, ...request.args] }
}

/** The commands as people are shown them: without what they run, which may be nobody's business. */
export function commandChoices(
  commands: AllowedCommands,
): readonly { readonly name: string; readonly title: string; readonly arguments: boolean }[] {
  return Object.entries(commands).map(([name, { title, arguments: takesMore }]) => ({
    name,
    title: title ?? name,
    arguments: takesMore,
  }))
}
