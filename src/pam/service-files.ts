import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where PAM looks for its services, the first first. */
export const SERVICE_FOLDERS = ['/etc/pam.d', '/usr/lib/pam.d', '/usr/etc/pam.d'] as const

/** What a service of PAM may be called in our configuration: a name, and none of those that ask root for no password. */
export const SERVICE_NAME = /^(?!(?:su|su-l|sudo|sudo-i|runuser|runuser-l|other)$)[\w][\w.-]*$/

/** True if PAM has such a service; without it PAM would take another one, named `other`. */
export function hasService(service: string, folders: readonly string[] = SERVICE_FOLDERS): boolean {
  return readService(service, folders) !== undefined
}

/** Why nobody can be signed in with this service, for the operator; undefined if that is not known before. */
export function serviceTrouble(
  service: string,
  folders: readonly string[] = SERVICE_FOLDERS,
): string | undefined {
  const text = readService(service, folders)
  if (text === undefined) {
    return `There is no PAM service ${service}: the file ${folders[0]}/${service} is missing. As root, atelier pam install makes it.`
  }
  // Such a service lets root become anybody, and whoever asks for it here is root.
  if (/^\s*-?auth\b.*\bpam_rootok\b/m.test(text)) {
    return `The PAM service ${service} takes any password, since it has pam_rootok. Set launcher.pam_service to another.`
  }
  return undefined
}

function readService(service: string, folders: readonly string[]): string | undefined {
  if (!SERVICE_NAME.test(service)) return undefined
  for (const folder of folders) {
    try {
      return readFileSync(join(folder, service), 'utf8')
    } catch {
      // The next one.
    }
  }
  return undefined
}
