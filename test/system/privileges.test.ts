import { spawn } from 'node:child_process'
import { chmodSync, chownSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { ensureAccount } from '../../src/accounts.ts'
import { LauncherClient } from '../../src/launcher/client.ts'
import type { JobSpec } from '../../src/launcher/job.ts'
import { isRoot, makeAccount, runAs } from '../fixtures/accounts.ts'
import { signIn } from '../fixtures/api.ts'
import { dataDirectory, killJobs, startTestAtelier } from '../fixtures/atelier.ts'
import { askLauncher } from '../fixtures/launcher-talk.ts'
import { placePlainIde, told } from '../fixtures/plain-ide.ts'
import { until } from '../fixtures/until.ts'

const script = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url))
const asRoot = { skip: !isRoot && 'only root has anything to give up' }

/** An address of our loopback that no other test uses at the same time. */
const OWN_ADDRESS = `127.${1 + (process.pid % 200)}.${process.pid % 251}.1`

const serviceAccount = async () => (await ensureAccount('atelier', 'service')).account

/** The fields of /proc/<pid>/status by name, each as its words. */
function statusOf(pid: number): Readonly<Record<string, readonly string[]>> {
  const lines = readFileSync(`/proc/${pid}/status`, 'utf8').trimEnd().split('\n')
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', value = ''] = line.split(':\t')
      return [name, value.split(/\s+/).filter((word) => word !== '')]
    }),
  )
}

t.test('the process that faces the web has no rights', asRoot, async (t) => {
  const account = await serviceAccount()
  const [uid, gid] = [String(account.uid), String(account.gid)]
  const ides = await placePlainIde(await dataDirectory(t))
  const atelier = await startTestAtelier(t, [
    `ides.directory="${ides}"`,
    `server.host=${OWN_ADDRESS}`,
    'server.port=81',
  ])
  t.equal(atelier.address, `http://${OWN_ADDRESS}:81`, 'although only root may bind the port')
  const isWithoutRights = async (t: Test) => {
    const pid = await atelier.pid('node')
    const status = statusOf(pid)
    t.same(status['Uid'], [uid, uid, uid, uid])
    t.same(status['Gid'], [gid, gid, gid, gid])
    t.same(status['Groups'], [gid], "none of root's")
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb']) t.match(status[set], [/^0+$/], set)
    t.same(status['NoNewPrivs'], ['1'], 'nor can it get any by a setuid program')
    t.match(statusOf(await atelier.pid('launcher'))['Uid'], ['0'], 'the Launcher has them')
  }
  await isWithoutRights(t)
  t.match(await runAs(account, ['cat', '/etc/shadow']), { exitCode: 1, output: /denied/ })
  const keys = ['cluster.key', 'instance.json', 'jobs']
  for (const name of keys) {
    const look = await runAs(account, ['ls', '-R', join(atelier.directory, name)])
    if (name === 'jobs') t.match(look, { output: /denied/ }, 'it finds no job that it was not told')
    const read = await runAs(account, ['cat', join(atelier.directory, name)])
    t.match(read, { exitCode: 1, output: /denied/ }, name)
  }

  const user = await signIn(atelier.signInLink)
  const session = await user.start('jupyterlab')
  const { pid } = await told(user, session, 'remember')
  await t.test('nothing of that depends on who starts it again', async (t) => {
    await atelier.kill('node')
    await until(() =>
      user.session(session.id).then(
        ({ state }) => state === 'Active',
        () => false,
      ),
    )
    await isWithoutRights(t)
  })

  await t.test('it reaches a session, and others do not', async (t) => {
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
    const socket = environment.find((each) => each.startsWith('ATELIER_SOCKET='))?.slice(15) ?? ''
    const folder = statSync(join(socket, '..'))
    t.equal((folder.mode & 0o7777).toString(8), '2710')
    t.equal(folder.gid, account.gid)
    t.not(folder.uid, account.uid)
    t.match(await askLauncher(account, socket), /^200 /, 'the account of the node')
    t.equal(await askLauncher(await makeAccount(t), socket), 'EACCES', 'another user')
    chmodSync(join(socket, '..'), 0o777)
    const member = await makeAccount(t)
    const replace = `rm '${socket}' && exec env -i '${process.execPath}' -e 'require("node:http").createServer((q, r) => r.end("stolen")).listen({path: process.argv[1], writableAll: true}, () => console.log("listens"))' '${socket}'`
    const thief = spawn(
      'setpriv',
      [
        `--reuid=${member.uid}`,
        `--regid=${member.gid}`,
        '--init-groups',
        '--',
        'sh',
        '-c',
        replace,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'], cwd: '/' },
    )
    t.teardown(() => thief.kill('SIGKILL'))
    await new Promise((resolve) => thief.stdout.once('data', resolve))
    t.equal((await user.ask('GET', `${session.url}api/told`)).status, 502, 'nor take its place')
  })

  await t.test('who starts jobs is not told how to reach the database', async (t) => {
    const { databaseUrl } = JSON.parse(
      readFileSync(join(atelier.directory, 'instance.json'), 'utf8'),
    ) as { databaseUrl: string }
    const password = new URL(databaseUrl).password || databaseUrl
    for (const name of ['launcher', 'plugin'] as const) {
      const environment = readFileSync(`/proc/${await atelier.pid(name)}/environ`, 'utf8')
      t.notOk(environment.includes(password), name)
    }
    for (const name of ['node', 'launcher', 'plugin'] as const) {
      const line = readFileSync(`/proc/${await atelier.pid(name)}/cmdline`, 'utf8')
      const key = readFileSync(join(atelier.directory, 'launcher/launcher.key'), 'utf8').trim()
      t.notOk(line.includes(key), `no key on the command line of the ${name}`)
      t.notOk(line.includes(password), `nor a password`)
    }
  })
})

interface TestLauncher {
  readonly directory: string
  readonly socket: string
  readonly key: string
  readonly client: LauncherClient
  /** What it has logged. */
  readonly log: () => string
}

/** A Launcher for everybody's jobs, as a service of root. */
async function launcherForAll(t: Test, ...settings: string[]): Promise<TestLauncher> {
  const directory = await dataDirectory(t)
  const all = [`data.directory="${directory}"`, 'auth.method=pam', ...settings]
  const child = spawn(
    process.execPath,
    [script, 'launcher', ...all.flatMap((setting) => ['--set', setting])],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: homedir(), LEAK: 'of the server' },
    },
  )
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
  const places = {
    socket: join(directory, 'launcher', 'launcher.sock'),
    keyFile: join(directory, 'launcher', 'launcher.key'),
  }
  const client = new LauncherClient(places)
  t.teardown(async () => {
    await client.close()
    child.kill('SIGTERM')
    await until(() => child.exitCode !== null || child.signalCode !== null)
    await killJobs(directory)
  })
  await until(() => {
    if (child.exitCode !== null) throw new Error(`the Launcher ended: ${log}`)
    return client.list([]).then(
      () => true,
      () => false,
    )
  })
  const key = readFileSync(places.keyFile, 'utf8').trim()
  return { directory, socket: places.socket, key, client, log: () => log }
}

t.test('the Launcher listens to the account of nodes, with the key', asRoot, async (t) => {
  const account = await serviceAccount()
  const { socket, key, client, log, directory } = await launcherForAll(t)
  const modes = (path: string) => {
    const { mode, uid, gid } = statSync(join(directory, path))
    return [(mode & 0o7777).toString(8), uid, gid]
  }
  t.same(modes('launcher'), ['750', 0, account.gid])
  t.same(modes('launcher/launcher.sock'), ['660', 0, account.gid])
  t.same(modes('launcher/launcher.key'), ['640', 0, account.gid])

  t.match(await askLauncher(account, socket, key), /^200 .*Green/)
  t.equal(await askLauncher(account, socket), '403 ', 'without the key')
  t.equal(await askLauncher(account, socket, key.replace(/^./, '-')), '403 ', 'with another')
  t.equal(await askLauncher(await makeAccount(t), socket, key), 'EACCES', 'a user')

  const forged = await makeAccount(t, { options: ['--groups', account.name] })
  const asMember = await askLauncher(forged, socket, key)
  t.match(asMember, /^(ECONNRESET|EPIPE)$/, 'a user who has got into its group, and has the key')
  for (let again = 0; again < 5; again++) await askLauncher(forged, socket, key)
  const told = log()
    .split('\n')
    .filter((line) => line.includes('is refused'))
  t.equal(told.length, 1, 'which is told once a minute')
  t.notOk(log().includes(key))

  await t.test('a node that has another key gets a new one by itself', async (t) => {
    const other = join(directory, 'other.key')
    writeFileSync(other, `${Buffer.alloc(32, 1).toString('base64')}\n`)
    const late = new LauncherClient({ socket, keyFile: other })
    t.teardown(() => late.close())
    await t.rejects(late.list([]), { code: 'LAUNCHER_UNAVAILABLE' })
    writeFileSync(other, `${key}\n`)
    t.same(await late.list([]), await client.list([]))
  })
})

t.test('jobs run as whoever may have some, and nobody else', asRoot, async (t) => {
  const account = await serviceAccount()
  const alice = await makeAccount(t)
  const bob = await makeAccount(t, { options: ['--uid', String(alice.uid + 1000)] })
  const settings = [`launcher.minimum_uid=${alice.uid}`]
  const { client, directory } = await launcherForAll(t, ...settings)
  const job = (user: string, said = 'true'): JobSpec => ({
    user,
    name: 'test',
    exe: '/bin/sh',
    args: ['-c', said],
    environment: {},
    workingDirectory: '/',
    tags: [],
  })
  const refused = async (user: string, why: RegExp) =>
    t.rejects(client.submit(job(user), user), { code: 'BAD_REQUEST', message: why })
  await refused('root', /never run as root/)
  await refused(account.name, /never run as atelier, the account of the server itself/)
  await refused('daemon', /never run as daemon, an account of the system \(uid 1 is below \d+\)/)
  await refused('no-such-account', /no account no-such-account/)
  await refused(`+${alice.uid}`, /no account/)
  t.same(await client.list([]), [], 'nothing of it is left')

  const file = join(directory, 'seen')
  for (const { name, uid, gid } of [alice, bob]) {
    writeFileSync(file, '')
    chownSync(file, uid, gid)
    const { id } = await client.submit(job(name, `id -u >'${file}'; env >>'${file}'`), `k-${name}`)
    await until(async () => (await client.get(id))?.status === 'Finished')
    t.match(readFileSync(file, 'utf8'), new RegExp(`^${uid}\n`))
    t.notMatch(readFileSync(file, 'utf8'), /LEAK/, 'nothing of the server is in its environment')
  }
  t.notOk(existsSync(join(directory, 'cluster.key')), 'the Launcher has no use for it')
})

t.test('a node without its account says how to make it', asRoot, async (t) => {
  const directory = await dataDirectory(t)
  const settings = [
    `data.directory="${directory}"`,
    'database.url=postgres://nobody@127.0.0.1:1/none',
    'launcher.user=nobody',
    'node.user=no-such-account',
  ]
  for (const command of ['node', 'launcher']) {
    const args = settings.flatMap((setting) => ['--set', setting])
    const child = spawn(process.execPath, [script, command, ...args], { stdio: 'pipe' })
    let said = ''
    child.stderr.on('data', (text) => (said += String(text)))
    await until(() => child.exitCode !== null)
    t.equal(child.exitCode, 1)
    t.match(said, /There is no account no-such-account .* Make it with: useradd --system/)
  }
})
