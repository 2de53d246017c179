import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import type { Config } from '../config.ts'
import type { Login } from '../plugins/local/command.ts'

/** The flags of the local plugin that say how jobs become those of their accounts. */
export interface LoginFlags {
  readonly umask: string
  readonly homeMarker?: string
  readonly pamService: string
  readonly pamSessions: boolean
}

/** These flags, as the configuration has them. */
export function loginFlags(config: Config): string[] {
  const { umask, home_marker, pam_service, pam_sessions } = config.launcher
  return [
    `--umask=${umask}`,
    ...(home_marker === undefined ? [] : [`--home-marker=${home_marker}`]),
    `--pam-service=${pam_service}`,
    ...(pam_sessions ? [] : ['--no-pam-sessions']),
  ]
}

/** Declares them. */
export function withLoginFlags(command: Command): Command {
  return command
    .option('--umask <octal>', 'the umask of jobs', '0022')
    .option('--home-marker <file>', 'a file that is there while homes are mounted')
    .option('--pam-service <name>', 'the service of PAM for jobs', 'atelier')
    .option('--no-pam-sessions', 'open no PAM session for a job')
}

/** What the flags mean; `node` is the program that runs ours. */
export function loginOf(flags: LoginFlags, node: string): Login {
  const { umask, homeMarker, pamService: service, pamSessions } = flags
  const program = [node, pamProgram('session')]
  return { umask, homeMarker, pam: pamSessions ? { service, program } : undefined }
}

/** A program of src/pam/. */
export function pamProgram(name: 'authenticate' | 'session'): string {
  return fileURLToPath(new URL(`../pam/${name}.js`, import.meta.url))
}
