import type { InstallableIde } from './ide-family.ts'
import { CommandFailed } from './install-command.ts'
import { installCommand } from './ide-family.ts'

/** An installation that failed: a sentence for people without paths or addresses, and the command that mends it. */
export class InstallError extends Error {
  readonly mend: string

  constructor(message: string, mend: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'InstallError'
    this.mend = mend
  }
}

/** What a failed command's last output means, where it is one of the usual mishaps; undefined otherwise. */
export function knownMishap(output: string): string | undefined {
  if (/ENOSPC|No space left on device/i.test(output)) return 'The disk is full.'
  if (/EACCES|Permission denied/i.test(output)) return 'A file or folder may not be written.'
  if (
    /SELF_SIGNED_CERT|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|CERTIFICATE_VERIFY_FAILED/.test(output)
  ) {
    return 'The certificate of the package registry is not trusted.'
  }
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|Temporary failure|Failed to establish|timed out|Could not fetch|Unable to locate package/i.test(
      output,
    )
  ) {
    return 'The package registry cannot be reached.'
  }
  return undefined
}

/** Any error of an installation as one for people; an abort is told as such. */
export function asInstallError(
  error: unknown,
  ide: InstallableIde,
  signal: AbortSignal,
): InstallError {
  if (signal.aborted) {
    return new InstallError('The installation was stopped.', installCommand(ide), { cause: error })
  }
  if (error instanceof InstallError) return error
  const details = error instanceof CommandFailed ? error.output : String(error)
  return new InstallError(
    knownMishap(details) ?? 'The installation failed; the log has the details.',
    installCommand(ide),
    { cause: error },
  )
}
