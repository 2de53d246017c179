import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import type { Job } from '../../src/launcher/job.ts'
import { isRoot, makeAccount, runAs, type TestAccount } from '../fixtures/accounts.ts'
import { startAnyUserLauncher, type AnyUserLauncher } from '../fixtures/any-user-launcher.ts'
import { jobCgroups } from '../fixtures/cgroups.ts'
import { until } from '../fixtures/until.ts'
import { isRunning, shortDirectory } from '../launcher/fixtures/launcher-fixture.ts'

const SECRET = 'only-for-the-eyes-of-alice-8473'
/** Listens as an IDE does, and on the loopback; tells nobody else its secret. */
const IDE = `
const { createServer } = require('node:http')
const answer = (_, response) => response.end('for alice')
createServer(answer).listen(process.env.ATELIER_SOCKET, () => console.log('up ' + process.pid))
`
/** ptrace(PTRACE_ATTACH), which ends with the program. */
const DEBUG = `perl -e 'exit(syscall(101, 16, PID, 0, 0) == -1 ? 1 : 0)'`
/** What no account but her own may do with a process. `PID` stands for it. */
const WITH_PROCESS: readonly (readonly [what: string, script: string])[] = [
  ['signal it', 'kill -KILL PID'],
  ['stop it', 'kill -STOP PID'],
  ['even ask whether it may signal it', 'kill -0 PID'],
  ['read its environment', 'cat /proc/PID/environ'],
  ['see where it works', 'readlink /proc/PID/cwd'],
  ['enter where it works', 'cd /proc/PID/cwd'],
  ['see what it has open', 'ls /proc/PID/fd'],
  ['see the system with its eyes', 'ls /proc/PID/root/'],
  ['read its memory', 'head -c 1 /proc/PID/mem'],
  ['read where its memory is', 'head -c 1 /proc/PID/maps'],
  ['see its stack', 'cat /proc/PID/syscall'],
  ['be its debugger', DEBUG],
  ['choose what the kernel kills', 'echo 1000 > /proc/PID/oom_score_adj'],
  ['make it slow', 'renice -n 19 -p PID'],
  ['bind it to a processor', 'taskset -p 1 PID'],
]

t.test('bob and a session of alice', { skip: !isRoot }, async (t) => {
  const [alice, bob] = [await makeAccount(t), await makeAccount(t)]
  const directory = shortDirectory(t)
  const launcher = await startAnyUserLauncher(t, directory)
  const { job, seen } = await startWatched(launcher, alice)
  const { client, scratch } = launcher
  const pid = Number(/up (\d+)/.exec(await until(() => client.tail(job.id, 1000)))?.[1])
  const { socket } = await client.network(job.id)
  const own = dirname(socket ?? '')

  await t.test('her secret was in no command line while the session started', async (t) => {
    t.ok(seen.size > 0)
    t.ok(
      [...seen].some((line) => line.includes('start-job.sh')),
      'although its start was watched',
    )
    t.same(
      [...seen].filter((line) => line.includes(SECRET)),
      [],
    )
    t.match(environ(pid), SECRET, 'and her IDE has it')
  })

  await t.test('her IDE and the shell that leads it', async (t) => {
    for (const [whose, each] of [
      ['her IDE', pid],
      ['the leader', job.pid],
    ] as const) {
      for (const [what, script] of WITH_PROCESS) {
        const { exitCode, output } = await shAs(bob, script.replaceAll('PID', String(each)))
        t.not(exitCode, 0, `bob cannot ${what} (${whose}): ${output}`)
      }
    }
    const control = await shAs(
      alice,
      `kill -0 ${pid} && cat /proc/${pid}/environ && ls /proc/${pid}/fd`,
    )
    t.equal(control.exitCode, 0, 'as alice can with her IDE')
    const root = { uid: 0, gid: 0 }
    t.equal(
      (await shAs(root, DEBUG.replace('PID', String(pid)))).exitCode,
      0,
      'and root be its debugger',
    )
    for (const [what, script] of WITH_PROCESS) {
      const { exitCode } = await shAs(alice, script.replaceAll('PID', String(job.pid)))
      t.not(exitCode, 0, `but not ${what} of the leader, which records how her session ends`)
    }
    t.equal((await client.get(job.id))?.status, 'Running')
  })

  await t.test('the socket of her IDE', async (t) => {
    const paths = [socket, `/proc/${pid}/root${socket}`, `/proc/self/root${socket}`]
    for (const path of paths) t.match(await connectAs(bob, path ?? ''), /EACCES/, path ?? '')
    t.match(await connectAs(bob, `/proc/${pid}/cwd/../../${socket}`), /EACCES|ENOENT/)
    t.match(await connectAs(alice, socket ?? ''), /connected/, 'as alice can')
  })

  await t.test('what the Launcher keeps', async (t) => {
    const files = ['job.json', 'stdout', 'stderr', 'started', 'ending', 'exit', 'tracking-cgroup']
    const kept = join(scratch, job.id)
    for (const whose of [bob, alice]) {
      for (const folder of [directory, scratch, join(scratch, 'run'), kept]) {
        t.not((await shAs(whose, `ls '${folder}'`)).exitCode, 0, `no list of ${folder}`)
        t.not((await shAs(whose, `echo > '${folder}/new'`)).exitCode, 0, `nothing into ${folder}`)
      }
      for (const file of files) {
        t.not((await shAs(whose, `cat '${kept}/${file}'`)).exitCode, 0, `no look at ${file}`)
        t.not((await shAs(whose, `echo >> '${kept}/${file}'`)).exitCode, 0, `no change of ${file}`)
      }
      t.match(
        await connectAs(whose, join(directory, 'launcher/launcher.sock')),
        /EACCES/,
        'the Launcher',
      )
      t.not((await shAs(whose, `cat '${directory}/launcher/launcher.key'`)).exitCode, 0, 'its key')
      t.match(await connectAs(whose, join(scratch, 'lock')), /EACCES/, 'the lock of the plugin')
    }
    t.not((await shAs(bob, `ls '${own}'`)).exitCode, 0, 'no list of her private directory')
    t.not((await shAs(bob, `echo > '${own}/new'`)).exitCode, 0, 'nothing into it')
    t.not((await shAs(bob, `mv '${own}' '${own}2'`)).exitCode, 0, 'it stays where it is')
    t.not((await shAs(alice, `mv '${own}' '${own}2'`)).exitCode, 0, 'for alice, too')
  })

  await t.test('her cgroups', async (t) => {
    const folders = jobCgroups(scratch)
    t.not(folders.length, 0)
    for (const folder of folders) {
      for (const whose of [bob, alice]) {
        t.not((await shAs(whose, `echo $$ > '${folder}/cgroup.procs'`)).exitCode, 0, 'no way in')
        t.not((await shAs(whose, `mkdir '${folder}/sub'`)).exitCode, 0, 'no cgroup below it')
      }
      const out = `echo ${pid} > '${dirname(folder)}/cgroup.procs'`
      t.not((await shAs(alice, out)).exitCode, 0, 'no way out')
    }
  })

  await t.test("bob's own process cannot pass for one of her session", async (t) => {
    const fake = spawn('/bin/sleep', ['1000'], {
      uid: bob.uid,
      gid: bob.gid,
      env: { ATELIER_JOB_ID: job.id, ATELIER_DIRECTORY: own },
    })
    t.teardown(() => fake.kill('SIGKILL'))
    await once(fake, 'spawn')
    await client.control(job.id, 'kill')
    t.match(await launcher.ended(job.id), { status: 'Killed' })
    t.ok(isRunning(fake.pid ?? 0), 'it is not ended with it')
    t.same(readdirSync(join(scratch, 'run')), [], 'and her private directory is gone')
  })
})

t.test(
  'what alice puts in the way of the Launcher hurts nobody else',
  { skip: !isRoot },
  async (t) => {
    const [alice, bob] = [await makeAccount(t), await makeAccount(t)]
    const directory = shortDirectory(t)
    const launcher = await startAnyUserLauncher(t, directory)
    const theirs = join(bob.home, 'precious')
    writeFileSync(theirs, 'of bob')
    const script = `cd "$ATELIER_DIRECTORY" && ln -s / root && ln -s ${bob.home} home &&
    mkdir -p a/b/c && chmod 0 a && ln -s ${theirs} ide.sock && echo done; exec sleep 1000`
    const job = await submit(launcher, alice, script)
    await until(async () => (await launcher.client.tail(job.id, 100)).includes('done'))
    await launcher.client.control(job.id, 'kill')
    await launcher.ended(job.id)
    t.same(readdirSync(join(launcher.scratch, 'run')), [], 'all of it is removed')
    t.equal(readFileSync(theirs, 'utf8'), 'of bob', 'and nothing else')
  },
)

t.test('what a session writes into a home that others can read', { skip: !isRoot }, async (t) => {
  const [alice, bob] = [await makeAccount(t), await makeAccount(t)]
  chmodSync(alice.home, 0o755)
  const launcher = await startAnyUserLauncher(t, shortDirectory(t))
  const { vscodeScript } = await import('../../src/ides/vscode-script.ts')
  const context = { sessionId: 'a', prefix: '/s/a', home: alice.home, secret: SECRET }
  const script = vscodeScript(['/bin/true'], { ...context, versions: {} })
  const { id } = await submit(launcher, alice, script)
  t.match(await launcher.ended(id), { exitCode: 0 })
  const written = join(alice.home, '.local/share/atelier/vscode')
  t.same(readdirSync(written).sort(), ['User', 'extensions', 'opened'])
  for (const path of [written, join(written, 'User')]) {
    t.not((await shAs(bob, `ls '${path}'`)).exitCode, 0, path)
  }
})

/** Starts her session while all command lines of the system are read, again and again. */
async function startWatched(
  launcher: AnyUserLauncher,
  user: TestAccount,
): Promise<{ job: Job; seen: ReadonlySet<string> }> {
  const seen = new Set<string>()
  let job: Job | undefined
  const starting = submit(launcher, user, `exec '${process.execPath}' -e "$IDE"`).then(
    (started) => {
      job = started
    },
  )
  while (job === undefined) {
    for (const line of commandLines()) seen.add(line)
    await setImmediate()
  }
  await starting
  return { job, seen }
}

function submit(launcher: AnyUserLauncher, user: TestAccount, script: string): Promise<Job> {
  const place = { workingDirectory: user.home, environment: { SECRET, IDE } }
  const job = { user: user.name, name: 'ide', exe: '/bin/sh', args: ['-c', script], tags: [] }
  return launcher.client.submit({ ...job, ...place }, crypto.randomUUID())
}

function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
      } catch {
        return ''
      }
    })
}

function shAs(account: Pick<TestAccount, 'uid' | 'gid'>, script: string) {
  return runAs(account, ['sh', '-c', script])
}

async function connectAs(account: TestAccount, path: string): Promise<string> {
  const script = `require('node:net').connect(process.argv[1])
    .on('connect', () => { console.log('connected'); process.exit() })
    .on('error', ({ code }) => console.log(code))`
  return (await runAs(account, [process.execPath, '-e', script, path])).output
}

function environ(pid: number): string {
  return readFileSync(`/proc/${pid}/environ`, 'utf8')
}
