import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemCode } from '../errors.ts'
import { hasService, SERVICE_FOLDERS } from './service-files.ts'
import { serviceText, type PamStyle } from './service-text.ts'

/** A service of PAM, and whether it has just been made. */
export interface InstalledService {
  readonly file: string
  readonly made: boolean
}

/** How this system arranges PAM, by the files that it has for services to include. */
export function pamStyle([folder]: readonly string[] = SERVICE_FOLDERS): PamStyle {
  const has = (file: string) => folder !== undefined && existsSync(join(folder, file))
  if (has('common-auth')) return 'common'
  if (has('password-auth')) return 'password-auth'
  return has('system-auth') ? 'system-auth' : 'plain'
}

/** Makes the service if PAM has none of that name; never changes one that is there. Throws the errors of node:fs. */
export function installService(
  service: string,
  folders: readonly string[] = SERVICE_FOLDERS,
): InstalledService {
  const file = join(folders[0] ?? '', service)
  if (hasService(service, folders)) return { file, made: false }
  try {
    writeFileSync(file, serviceText(pamStyle(folders)), { flag: 'wx' })
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return { file, made: false }
    throw error
  }
  // Whatever our umask is.
  chmodSync(file, 0o644)
  return { file, made: true }
}
