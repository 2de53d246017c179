import type { StartContext } from './start-context.ts'
import { installService } from '../pam/install-service.ts'

/** Makes the PAM service by which people sign in, if they do by PAM and it is missing; says so. */
export function ensurePamService({ live, root, say }: StartContext): void {
  const { auth, launcher } = live.config
  if (auth.method !== 'pam' || !root) return
  const { file, made } = installService(launcher.pam_service)
  if (made) say(`PAM did not know ${launcher.pam_service} yet: ${file} was made.`)
}
