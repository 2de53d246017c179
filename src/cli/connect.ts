import { ApiClient } from './api-client.ts'
import { readConfig, type ConfigOptions } from './config-options.ts'
import type { CliContext } from './context.ts'
import { CommandFailure } from './failure.ts'
import type { UserOption } from './speak-for.ts'

/** What the help of a command that talks to the API says of where it finds it. */
export const CONNECT_HELP = `
Another Atelier, or another account's:
  ATELIER_ADDRESS  its address, such as https://atelier.example.org
  ATELIER_TOKEN    an API token, made there by: atelier token create
  Both come from the environment. A token is never an argument, as everybody on a machine can read those.`

/** An Atelier that is named by the environment. */
export interface NamedAtelier {
  readonly address: string
  readonly token: string
}

/**
 * A client of the Atelier that ATELIER_ADDRESS and ATELIER_TOKEN name, else of the one that runs on this data directory, as
 * the user whose sessions it runs, or whom --user names. Throws when there is none, CommandFailure when one of the variables
 * cannot be used.
 */
export async function connect(
  context: CliContext,
  options: ConfigOptions & UserOption,
): Promise<ApiClient> {
  const named = namedAtelier(context.environment)
  if (named !== undefined) {
    if (options.user !== undefined) {
      throw new CommandFailure(
        'USAGE',
        'ATELIER_TOKEN speaks for its owner and for nobody else: leave out --user.',
      )
    }
    const { address, token } = named
    return new ApiClient({ address, headers: { authorization: `Bearer ${token}` } })
  }
  const { localClient } = await import('./local-client.ts')
  const { SUDO_USER: caller } = context.environment
  return localClient(readConfig(context, options), {
    named: options.user,
    otherwise: caller === 'root' ? undefined : caller,
  })
}

/** The Atelier that the environment names, if it names one. Throws CommandFailure, which never quotes the token. */
export function namedAtelier(environment: NodeJS.ProcessEnv): NamedAtelier | undefined {
  const address = environment['ATELIER_ADDRESS']?.trim() ?? ''
  const token = environment['ATELIER_TOKEN']?.trim() ?? ''
  if (address === '' && token === '') return undefined
  if (address === '' || token === '') {
    const [present, missing] =
      token === '' ? ['ATELIER_ADDRESS', 'ATELIER_TOKEN'] : ['ATELIER_TOKEN', 'ATELIER_ADDRESS']
    throw new CommandFailure('ENVIRONMENT', `${present} is set; set ${missing} too, or neither.`)
  }
  if (!isAddress(address)) {
    throw new CommandFailure(
      'ENVIRONMENT',
      'ATELIER_ADDRESS is no address of an Atelier; write it as https://atelier.example.org or http://127.0.0.1:8787',
    )
  }
  // What a header cannot hold would be an error of fetch, which quotes it.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new CommandFailure(
      'ENVIRONMENT',
      'ATELIER_TOKEN holds characters that no API token has; copy it again.',
    )
  }
  return { address: new URL(address).origin, token }
}

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password, pathname, search, hash } = new URL(text)
  const isPlain = [username, password, search, hash].every((part) => part === '')
  return (protocol === 'https:' || protocol === 'http:') && isPlain && pathname === '/'
}
