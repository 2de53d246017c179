import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { installService, pamStyle } from '../../src/pam/install-service.ts'
import { hasService, serviceTrouble, SERVICE_NAME } from '../../src/pam/service-files.ts'
import { serviceText } from '../../src/pam/service-text.ts'
import { run } from '../cli/fixtures/run.ts'
import { isRoot, makeAccount } from '../fixtures/accounts.ts'
import { makePamService } from '../fixtures/pam-service.ts'
import { signInBy } from '../launcher/fixtures/sign-in-by.ts'

t.test('the service is made in the way of the system, and never changed', async (t) => {
  const folder = t.testdir({})
  const folders = [folder, join(folder, 'vendor')]
  t.equal(pamStyle(folders), 'plain')
  const styles = {
    'system-auth': 'system-auth',
    'password-auth': 'password-auth',
    'common-auth': 'common',
  }
  for (const [file, style] of Object.entries(styles)) {
    writeFileSync(join(folder, file), '')
    t.equal(pamStyle(folders), style)
  }
  const file = join(folder, 'atelier')
  t.match(serviceTrouble('atelier', folders), /atelier is missing.* atelier pam install/)
  t.strictSame(installService('atelier', folders), { file, made: true })
  t.equal(readFileSync(file, 'utf8'), serviceText('common'))
  t.equal(statSync(file).mode & 0o777, 0o644)
  t.equal(serviceTrouble('atelier', folders), undefined)
  writeFileSync(file, '# mine\n')
  t.strictSame(installService('atelier', folders), { file, made: false })
  t.equal(readFileSync(file, 'utf8'), '# mine\n')
})

t.test('a service is a file of its own, and none that root needs no password for', async (t) => {
  const folder = t.testdir({ su: '', other: '', good: '', 'a.b-c_9': '' })
  for (const name of [
    'su',
    'other',
    '../good',
    'good/',
    '.',
    '..',
    '',
    'sudo',
    'runuser-l',
    '-x',
  ]) {
    t.notOk(SERVICE_NAME.test(name), name)
    t.notOk(hasService(name, [folder]), name)
  }
  for (const name of ['good', 'a.b-c_9']) t.ok(hasService(name, [folder]), name)
})

t.test('the service that is made here signs people in', async (t) => {
  if (!isRoot) return t.pass('only root can ask PAM about others')
  const { name: user, password } = await makeAccount(t)
  const authenticate = signInBy(makePamService(t, serviceText(pamStyle())))
  t.strictSame(await authenticate(user, password), { user })
  await t.rejects(authenticate(user, 'wrong'), { code: 'SIGN_IN_FAILED' })
})

t.test('the service is shown before it is made', async (t) => {
  const { code, stdout } = await run('pam', 'install', '--print')
  t.equal(code, 0)
  t.equal(stdout, serviceText(pamStyle()))
  t.match(JSON.parse((await run('pam', 'install', '--print', '--json')).stdout), { text: stdout })
})
