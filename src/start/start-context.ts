import type { LiveConfig } from '../config/live-config.ts'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import { RESOLVED_CONFIG, type ConfigMessage } from './messages.ts'

/** What whoever starts and supervises our processes is told by its caller. */
export interface StartContext {
  readonly live: LiveConfig
  readonly log: Log
  /** Prints a line for the person at the terminal; a program at its place gets the facts too. */
  readonly say: (line: string, facts?: object) => void
  /** The program's own entry file, for the processes it starts. */
  readonly script: string
  readonly environment: NodeJS.ProcessEnv
  readonly root: boolean
  readonly self: string
  readonly signal: AbortSignal
  /** Called once, when the server can be used. */
  readonly onReady: (config: Config) => Promise<void>
}

/** How to stop each part that has been started, in the order in which they were. */
export type Stops = (() => Promise<void>)[]

/**
 * The environment of a process of ours that is to use `config`: not by command line, which everybody can read, as a
 * configuration may hold a password.
 */
export function childEnvironment(config: Config, { environment }: StartContext): NodeJS.ProcessEnv {
  return { ...environment, ...resolvedConfig(config) }
}

/** The variable that tells a process of ours which configuration to use. */
export function resolvedConfig(config: Config): NodeJS.ProcessEnv {
  return { [RESOLVED_CONFIG]: JSON.stringify(config) }
}

/** Of our environment what any program needs. What else there is may be a secret that was meant for us alone. */
export function ownVariables({ environment }: StartContext): NodeJS.ProcessEnv {
  const isPlain = ([name]: [string, unknown]) => PLAIN.has(name) || name.startsWith('LC_')
  return Object.fromEntries(Object.entries(environment).filter(isPlain))
}

const PLAIN: ReadonlySet<string> = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'TZ',
  'TMPDIR',
  'NODE_OPTIONS',
])

/** What a process is told when the configuration has been read again. */
export function configNews(config: Config): ConfigMessage {
  return { type: 'config', config }
}
