import { readFileSync } from 'node:fs'
import { systemCode } from '../../errors.ts'
import { RELOAD_ERROR } from '../../launcher/protocol.ts'

/** What the plugin's own configuration file says; undefined where it says nothing. */
export interface PluginConfig {
  readonly jobExpiryHours?: number | undefined
}

/** Why a configuration cannot be used; `errorType` is one of RELOAD_ERROR. */
export class PluginConfigError extends Error {
  override readonly name = 'PluginConfigError'
  readonly errorType: number

  constructor(errorType: number, message: string) {
    super(message)
    this.errorType = errorType
  }
}

/**
 * Reads a configuration file of Posit's form: `name=value` in each line, `#` before a comment. A file that is not there
 * says nothing, nor do names that we do not know, as those of Posit's own Local plugin. Throws PluginConfigError.
 */
export function readPluginConfig(file: string | undefined): PluginConfig {
  return file === undefined ? {} : parsePluginConfig(readText(file))
}

/** The same of the text of a file. */
export function parsePluginConfig(text: string): PluginConfig {
  const entries = new Map(text.split('\n').flatMap(readLine))
  const hours = entries.get('job-expiry-hours')
  if (hours === undefined) return {}
  const jobExpiryHours = Number(hours)
  if (hours !== '' && jobExpiryHours >= 0 && Number.isFinite(jobExpiryHours))
    return { jobExpiryHours }
  const message = `job-expiry-hours must be a number from 0 on, not “${hours}”.`
  throw new PluginConfigError(RELOAD_ERROR.validate, message)
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return ''
    const message = `${file} cannot be read: ${systemCode(error) ?? String(error)}.`
    throw new PluginConfigError(RELOAD_ERROR.load, message)
  }
}

function readLine(line: string, index: number): [string, string][] {
  const content = line.trim()
  if (content === '' || content.startsWith('#') || /^\[.*\]$/.test(content)) return []
  const [, name, value] = /^([\w-]+)\s*=\s*(.*)$/.exec(content) ?? []
  if (name !== undefined && value !== undefined) return [[name, value]]
  throw new PluginConfigError(RELOAD_ERROR.load, `Line ${index + 1} is not of the form name=value.`)
}
