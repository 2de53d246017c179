import { readFileSync, writeFileSync, writeSync } from 'node:fs'
import { alarmSetter } from '../linux/alarm.ts'
import { execute } from '../linux/execute.ts'
import { PAM } from '../linux/pam-codes.ts'
import { startPam, type PamTransaction } from '../linux/pam.ts'
import { passwdEntry, takeGroups } from '../linux/passwd.ts'
import { SESSION_FILE, TROUBLE_DESCRIPTOR, withLogin, type OpenSession } from './chain.ts'

/** Seconds that PAM's modules may take; one of them may make a home, another wait for a server. */
const LIMIT = 60
/** The exit code of a program that could not be run. */
const FAILED = 126

/**
 * Opens a session and becomes a program: `words` are the service, the account and the program's command line, its path first.
 * If that cannot be, answers an exit code after the reason has been told.
 */
export function openSession(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): number {
  const [service = '', user = '', path = '', ...args] = words
  const setAlarm = alarmSetter()
  tell(`The login of ${user} on the server took longer than ${LIMIT} seconds.`)
  setAlarm(LIMIT)
  let pam: PamTransaction
  try {
    pam = begin(service, user)
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
  const added = pam.environment()
  try {
    record({ service, user, bootId: bootId(), environment: added })
    setAlarm(0)
    tell('')
    const number = execute({
      path,
      args: [path, ...args],
      environment: withLogin(environment, added),
      // logind takes a session to have ended when its file there is closed.
      keep: (descriptor, link) =>
        descriptor <= TROUBLE_DESCRIPTOR || link.startsWith('/run/systemd/sessions/'),
    })
    throw new Error(`The system cannot run ${path} (error ${number}).`)
  } catch (error) {
    pam.closeSession()
    pam.deleteCredentials()
    return fail(error instanceof Error ? error.message : String(error))
  }
}

/** Throws an Error with a sentence for the account's owner; nothing is open then. */
function begin(service: string, user: string): PamTransaction {
  const account = passwdEntry(user)
  if (account === undefined) throw new Error(`There is no account ${user} on this server.`)
  const pam = startPam({ service, user })
  const check = (code: number) => {
    if (code === PAM.success) return
    const words = [pam.describe(code), ...pam.told].join('. ')
    pam.end(code)
    throw new Error(`The server refuses ${user} a login (PAM service ${service}): ${words}.`)
  }
  const status = pam.accountStatus()
  // A password cannot be changed here, and whoever has it was let in before it was too old.
  if (status !== PAM.newPasswordRequired) check(status)
  if (!takeGroups(account)) throw new Error(`The groups of ${user} cannot be taken.`)
  check(pam.establishCredentials())
  const opened = pam.openSession()
  if (opened !== PAM.success) pam.deleteCredentials()
  check(opened)
  return pam
}

function record(session: OpenSession): void {
  writeFileSync(SESSION_FILE, JSON.stringify(session), { mode: 0o600 })
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}

function fail(why: string): number {
  tell(why)
  return FAILED
}

function tell(line: string): void {
  try {
    writeSync(TROUBLE_DESCRIPTOR, `${line}\n`)
  } catch {
    // The disk is full, and there is no other place for it.
  }
}
