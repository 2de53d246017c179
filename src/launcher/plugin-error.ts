import { AtelierError, type ErrorCode } from '../errors.ts'

/** Error codes of the Launcher Plugin API (launcher-go-sdk, api/types.go). */
export const PLUGIN_ERROR = {
  unknown: 0,
  notSupported: 1,
  invalidRequest: 2,
  jobNotFound: 3,
  pluginRestarted: 4,
  timeout: 5,
  jobNotRunning: 6,
  outputNotFound: 7,
  invalidJobState: 8,
  controlFailure: 9,
  unsupportedVersion: 10,
} as const

/** A request to a plugin that failed, as the plugin protocol tells it: `errorCode` and a message. */
export class PluginError extends Error {
  override readonly name = 'PluginError'
  readonly errorCode: number

  constructor(errorCode: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.errorCode = errorCode
  }
}

const NO_SPACE = /ENOSPC|no space left/i

/** A plugin's error in the words of the list; texts of code 2 are for people, those of code 0 are for the log only. */
export function fromPluginError(error: PluginError): AtelierError {
  if (NO_SPACE.test(error.message)) return told(error, 'DISK_FULL')
  switch (error.errorCode) {
    case PLUGIN_ERROR.notSupported:
    case PLUGIN_ERROR.invalidRequest:
      return told(error, 'BAD_REQUEST', error.message || 'The Launcher does not support this.')
    case PLUGIN_ERROR.jobNotFound:
      return told(error, 'NOT_FOUND', 'There is no such job.')
    case PLUGIN_ERROR.outputNotFound:
      return told(error, 'NOT_FOUND', 'The output of this job is not kept.')
    case PLUGIN_ERROR.jobNotRunning:
    case PLUGIN_ERROR.invalidJobState:
      return told(error, 'JOB_STATE', error.message || 'The job is not running.')
    case PLUGIN_ERROR.pluginRestarted:
    case PLUGIN_ERROR.timeout:
    case PLUGIN_ERROR.unsupportedVersion:
      return told(error, 'LAUNCHER_UNAVAILABLE')
    default:
      return told(error, 'INTERNAL')
  }
}

function told(cause: PluginError, code: ErrorCode, message?: string): AtelierError {
  return new AtelierError(code, message, { cause })
}
