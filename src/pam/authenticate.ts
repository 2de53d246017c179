// A program for one attempt to sign in: the question comes on standard input, where nobody else can read it, and the answer
// goes to standard output, both as JSON. It ends with the attempt, and what PAM's modules have left in memory with it.
import { readFileSync, writeSync } from 'node:fs'
import { exit } from 'node:process'
import { makeRoom } from '../linux/library.ts'
import { startPam } from '../linux/pam.ts'
import { PAM } from '../linux/pam-codes.ts'
import { passwdEntry } from '../linux/passwd.ts'
import { serviceTrouble } from './service-files.ts'
import type { Attempt, AttemptOutcome } from './attempt.ts'

/** As sshd does: no account has it, so that one that may not sign in takes as long as any other, and tells nothing. */
const IMPOSSIBLE = '\b\n\r\x7fINCORRECT'

function attempt({ service, user, password, remoteHost, minimumUid }: Attempt): AttemptOutcome {
  const trouble = serviceTrouble(service)
  if (trouble !== undefined) return { outcome: 'trouble', why: trouble }
  const mayNot = (name: string) => {
    const uid = passwdEntry(name)?.uid
    return uid !== undefined && (uid === 0 || uid < minimumUid)
  }
  const isBarred = mayNot(user)
  const pam = startPam({ service, user, remoteHost, password: isBarred ? IMPOSSIBLE : password })
  let step: 'authenticate' | 'account' = 'authenticate'
  let code = pam.authenticate()
  if (code === PAM.success) {
    step = 'account'
    code = pam.accountStatus()
  }
  const name = pam.user
  const words = pam.describe(code)
  pam.end(code)
  const account = passwdEntry(name)
  const facts = { step, code, words, told: pam.told, failDelayMs: pam.failDelay / 1000 }
  if (pam.isAskedTooMuch) {
    const why = `The PAM service ${service} asks for more than a password: ${pam.told.join(' ')}`
    return { outcome: 'trouble', why, isTried: true }
  }
  if (code !== PAM.success || isBarred || account === undefined || mayNot(name)) {
    return { outcome: 'refused', isBarred: isBarred || mayNot(name), ...facts }
  }
  return { outcome: 'signed in', user: account.name }
}

makeRoom()
let answer: AttemptOutcome
try {
  answer = attempt(JSON.parse(readFileSync(0, 'utf8')))
} catch (error) {
  // Not with what was read: that holds the password.
  const isSyntax = error instanceof SyntaxError
  answer = { outcome: 'trouble', why: isSyntax ? 'The question is no JSON.' : String(error) }
}
writeSync(1, JSON.stringify(answer))
exit(0)
