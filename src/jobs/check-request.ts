import { AtelierError } from '../errors.ts'
import { type AllowedCommands, allowedWords } from './allowed-commands.ts'
import type { JobRequest } from './workbench-job.ts'

/** Characters that arguments and environment may have: nodes keep them as long as a job has not ended. */
const REQUEST_MOST = 32_768

/** What is wrong with a request by itself, before anybody looks at files. Throws BAD_REQUEST or COMMAND_UNKNOWN. */
export function checkRequest(
  request: Pick<
    JobRequest,
    'kind' | 'script' | 'command' | 'args' | 'environment' | 'workingDirectory'
  >,
  commands: AllowedCommands,
): void {
  const { kind, script, command, args, environment, workingDirectory } = request
  if (kind === 'command') {
    if (script !== null) throw wrong('A job runs a file or a command, not both.')
    allowedWords(request, commands)
  } else if (script === null || command !== null) {
    throw wrong('A job runs a file or a command: name one of them.')
  }
  for (const path of [script, workingDirectory]) {
    if (path !== null && !path.startsWith('/')) throw wrong(`${path} is no absolute path.`)
  }
  if (kind === 'notebook' && args.length > 0) throw wrong('A notebook takes no arguments.')
  for (const name of Object.keys(environment)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw wrong(`${name} cannot be the name of an environment variable.`)
    }
    if (name.startsWith('ATELIER_')) throw wrong(`${name} is set by Atelier itself.`)
  }
  const texts = [script, workingDirectory, ...args, ...Object.values(environment)]
  if (JSON.stringify([args, environment]).length > REQUEST_MOST) {
    throw wrong('Arguments and environment are too long: put what is large into a file.')
  }
  if (texts.some((text) => text?.includes('\0'))) {
    throw wrong('A path, argument or value holds a zero byte, which no program can be given.')
  }
}

function wrong(message: string): AtelierError {
  return new AtelierError('BAD_REQUEST', message)
}
