// Signing in by PAM with real accounts: by src/pam/authenticate.ts as it is built in dist/, as root.
import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import t from 'tap'
import { LauncherService } from '../../src/launcher/service.ts'
import type { Log } from '../../src/log.ts'
import { isRoot, makeAccount } from '../fixtures/accounts.ts'
import { BY_PASSWORD, makePamService } from '../fixtures/pam-service.ts'
import {
  clientOf,
  fixtureCommand,
  keyPath,
  pidsWith,
  socketPath,
  shortDirectory,
  SILENT,
} from './fixtures/launcher-fixture.ts'
import { PROGRAM, remoteHost, signInBy } from './fixtures/sign-in-by.ts'

if (!isRoot) t.plan(0, 'only root can make accounts')

/** A log, and all that was written to it. */
function recorded(): { log: Log; lines: () => string } {
  const all: unknown[] = []
  const write = (...what: unknown[]) =>
    void all.push(
      what.map((each) => (each instanceof Object && 'err' in each ? String(each.err) : each)),
    )
  const log = { debug: write, info: write, warn: write, error: write }
  return { log, lines: () => JSON.stringify(all) }
}

t.test('the right password signs in, and nothing else does', async (t) => {
  const { name: user, password } = await makeAccount(t)
  const { log, lines } = recorded()
  const authenticate = signInBy(makePamService(t, ...BY_PASSWORD), { log })
  t.match(password, / .*é/)
  t.strictSame(await authenticate(user, password), { user })
  const wrong = ['é', ' ', '\0', `${password}\0`, `${password} `, password.replace('é', 'e')]
  for (const each of wrong) await t.rejects(authenticate(user, each), { code: 'SIGN_IN_FAILED' })
  await t.rejects(authenticate(`${user}\0x`, password), { code: 'SIGN_IN_FAILED' })
  t.match(lines(), user)
  t.notMatch(lines(), password, 'no password is in the log')
})

t.test('an unknown account is answered like a wrong password', async (t) => {
  const { name, password } = await makeAccount(t)
  const authenticate = signInBy(makePamService(t, ...BY_PASSWORD))
  const told = (user: string) =>
    authenticate(user, `not ${password}`).catch((error: unknown) => JSON.stringify(error))
  const answer = await told(name)
  t.match(answer, /SIGN_IN_FAILED/)
  for (const user of [`${name}x`, '../etc', '0', '-u', 'root', 'daemon']) {
    t.equal(await told(user), answer, user)
  }
})

t.test('the state of an account is looked at, not only its password', async (t) => {
  const authenticate = signInBy(makePamService(t, ...BY_PASSWORD))
  const states = [
    ['SIGN_IN_FAILED', 'usermod', '--lock'],
    ['ACCOUNT_REFUSED', 'chage', '--expiredate', '0'],
    ['ACCOUNT_REFUSED', 'usermod', '--expiredate', '1'],
    ['PASSWORD_EXPIRED', 'chage', '--lastday', '0'],
  ] as const
  for (const [code, program, ...args] of states) {
    const { name, password } = await makeAccount(t)
    await execa(program, [...args, name])
    await t.rejects(authenticate(name, password), { code }, [program, ...args].join(' '))
    await t.rejects(
      authenticate(name, 'wrong'),
      { code: 'SIGN_IN_FAILED' },
      'nobody else learns it',
    )
  }
})

t.test('root and accounts of the system do not sign in, whatever their password', async (t) => {
  const service = makePamService(t, 'auth required pam_permit.so', 'account required pam_permit.so')
  const authenticate = signInBy(service)
  for (const user of ['root', 'daemon']) {
    await t.rejects(authenticate(user, 'any'), { code: 'SIGN_IN_FAILED' }, user)
  }
  const account = await makeAccount(t, { options: ['--system', '--shell', '/usr/sbin/nologin'] })
  await t.rejects(authenticate(account.name, account.password), { code: 'SIGN_IN_FAILED' })
  const { name } = await makeAccount(t, { options: ['--shell', '/usr/sbin/nologin'] })
  t.strictSame(await authenticate(name, 'any'), { user: name }, 'a shell is no reason')
})

t.test('a service that denies is obeyed, and one that asks for more is no way in', async (t) => {
  const { name, password } = await makeAccount(t)
  const { log, lines } = recorded()
  const [auth = '', account = ''] = BY_PASSWORD
  const denies = signInBy(makePamService(t, auth, 'account required pam_deny.so'))
  await t.rejects(denies(name, password), { code: 'ACCOUNT_REFUSED' })
  const twice = [auth, 'auth optional pam_userdb.so db=/nowhere', account]
  const asksTwice = makePamService(t, ...twice)
  await t.rejects(signInBy(asksTwice, { log })(name, password), { code: 'SIGN_IN_UNAVAILABLE' })
  t.match(lines(), /asks for more than a password: .*Password/)
})

t.test('a service that is not there, or takes any password, is said to the operator', async (t) => {
  const { name, password } = await makeAccount(t)
  const ask = async (service: string, why: RegExp) => {
    const { log, lines } = recorded()
    const answer = signInBy(service, { log })(name, password)
    await t.rejects(answer, { code: 'SIGN_IN_UNAVAILABLE', message: /administrator/ }, service)
    t.match(lines(), why)
  }
  const rootOk = ['auth sufficient pam_rootok.so', ...BY_PASSWORD]
  await ask('atelier-test-nowhere', /\/etc\/pam\.d\/atelier-test-nowhere is missing/)
  await ask('su', /no PAM service su/)
  await ask(makePamService(t, ...rootOk), /takes any password/)
})

t.test('an attempt that hangs is ended', async (t) => {
  const { name, password } = await makeAccount(t)
  const hang = `auth required pam_exec.so /bin/sleep 1000`
  const authenticate = signInBy(makePamService(t, hang), { limit: 500 })
  await t.rejects(authenticate(name, password), { code: 'SIGN_IN_UNAVAILABLE' })
  t.strictSame(pidsWith(PROGRAM), [])
})

t.test('a password is in no command line and no environment', async (t) => {
  const { name, password } = await makeAccount(t)
  const seenBy = 'cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ >"$1" 2>/dev/null'
  const folder = t.testdir({ spy: `#!/bin/sh\n${seenBy}\nexit 0\n` })
  chmodSync(join(folder, 'spy'), 0o755)
  const spied = join(folder, 'spied')
  const spy = `auth optional pam_exec.so ${folder}/spy ${spied}`
  // While the program still runs that has the password.
  const service = makePamService(t, BY_PASSWORD[0] ?? '', spy, BY_PASSWORD[1] ?? '')
  await signInBy(service)(name, password)
  const seen = readFileSync(spied, 'latin1')
  t.match(seen, 'authenticate.js', 'the program was looked at')
  t.notMatch(seen, Buffer.from(password).toString('latin1'))
})

t.test('only so many attempts run at once, and all of them have an answer', async (t) => {
  const { name, password } = await makeAccount(t)
  const authenticate = signInBy(makePamService(t, ...BY_PASSWORD), {
    atOnce: 3,
    turnLimit: 120_000,
  })
  let most = 0
  const watch = setInterval(() => (most = Math.max(most, pidsWith(PROGRAM).length)), 5)
  t.teardown(() => clearInterval(watch))
  const answers = await Promise.all(Array.from({ length: 8 }, () => authenticate(name, password)))
  t.equal(answers.length, 8)
  t.ok(most > 0 && most <= 3, `at most ${most}`)
})

t.test('the Launcher signs in over its socket, and says so where it cannot', async (t) => {
  const { name: user, password } = await makeAccount(t)
  const service = makePamService(t, ...BY_PASSWORD)
  const ask = { user, password, remoteHost }
  const client = async (authenticate: ReturnType<typeof signInBy> | undefined) => {
    const directory = shortDirectory(t)
    const scratchPath = join(directory, 's')
    const launcher = new LauncherService({
      socket: socketPath(directory),
      keyFile: keyPath(directory),
      log: SILENT,
      signIn: authenticate && {
        authenticate: (given) => authenticate(given.user, given.password),
      },
      plugin: fixtureCommand('run-plugin.ts', JSON.stringify({ scratchPath })),
    })
    await launcher.start()
    t.teardown(() => launcher.stop())
    const client = clientOf(directory)
    t.teardown(() => client.close())
    return client
  }
  const asked = await client(signInBy(service))
  t.strictSame(await asked.authenticate(ask), { user })
  await t.rejects(asked.authenticate({ ...ask, password: 'x' }), { code: 'SIGN_IN_FAILED' })
  await t.rejects((await client(undefined)).authenticate(ask), { code: 'SIGN_IN_UNAVAILABLE' })
})
