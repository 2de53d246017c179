import { readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { alarmSetter } from '../linux/alarm.ts'
import { PAM } from '../linux/pam-codes.ts'
import { startPam } from '../linux/pam.ts'
import { SESSION_FILE, type OpenSession } from './chain.ts'

/** Seconds that PAM's modules may take. */
const LIMIT = 30

/** Closes the session whose file is in this directory, and removes the file; answers an exit code. */
export function closeSession(directory: string): number {
  alarmSetter()(LIMIT)
  const file = join(directory, SESSION_FILE)
  const { service, user, environment }: OpenSession = JSON.parse(readFileSync(file, 'utf8'))
  const pam = startPam({ service, user })
  for (const entry of environment) pam.putEnvironment(entry)
  const code = pam.closeSession()
  pam.deleteCredentials()
  const words = pam.describe(code)
  pam.end(code)
  rmSync(file)
  if (code === PAM.success) return 0
  writeSync(2, `The PAM session of ${user} is not closed: ${words}\n`)
  return 1
}
