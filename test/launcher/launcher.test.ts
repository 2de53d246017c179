import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Job, JobUsage } from '../../src/launcher/job.ts'
import {
  ACCOUNT,
  isRunning,
  pidsWith,
  shellJob,
  startLauncher,
  until,
  type Fixture,
} from './fixtures/launcher-fixture.ts'

/** Stays until it is told to end. */
const SLEEP = 'echo up; sleep 1000 & wait'

t.test('one Launcher', async (t) => {
  const launcher: Fixture = await startLauncher(t)
  const { client } = launcher

  t.test('a job runs as its account, in its directory, with its environment only', async (t) => {
    process.env['LEAKED'] = 'from the launcher'
    t.teardown(() => delete process.env['LEAKED'])
    const script = 'id -un; pwd; ls -ld "$ATELIER_DIRECTORY"; env; cat; echo oops >&2; exit 7'
    const value = `it's "a" $HOME\n\\value`
    const job = await launcher.run(script, 'env', { VALUE: value, LD_PRELOAD: '' })
    const pieces: { stdout: string; stderr: string } = { stdout: '', stderr: '' }
    for await (const { type, output } of client.output(job.id, new AbortController().signal)) {
      if (type !== 'mixed') pieces[type] += output
    }
    const [name, directory, mode, ...environment] = pieces.stdout.split('\n')
    t.same([name, directory], [ACCOUNT, '/tmp'])
    t.match(mode, new RegExp(`^drwx------ \\d+ ${ACCOUNT} `))
    const variables = environment.join('\n')
    t.match(variables, `VALUE=${value}\n`)
    t.match(variables, `ATELIER_JOB_ID=${job.id}\n`)
    t.match(variables, `ATELIER_SOCKET=${join(launcher.scratch, 'run', job.id, 'ide.sock')}\n`)
    t.match(
      variables,
      /^PATH=(.*:)?\/usr\/local\/bin:\/usr\/bin:\/bin(:.*)?$/m,
      'as /etc/profile has it',
    )
    t.notMatch(variables, /LEAKED|ATELIER_ENV|NODE/)
    t.equal(pieces.stderr, 'oops\n')
    t.match(await launcher.ended(job.id), { status: 'Finished', exitCode: 7, user: ACCOUNT })
    t.equal(existsSync(join(launcher.scratch, 'run', job.id)), false, 'its directory is gone')
    t.match(await client.tail(job.id, 10), /^.{4}\noops\n$/, 'a half of each stream')
  })

  t.test('jobs are found by id and by all of their tags', async (t) => {
    const job = await launcher.run(SLEEP, 'tags')
    t.match(job, { status: 'Running', cluster: 'Local', tags: ['test', 'key:tags'] })
    t.same(await client.get(job.id), job)
    t.same(await client.list(['key:tags', 'test']), [job])
    t.same(await client.list(['key:tags', 'other']), [])
    t.equal(await client.get('nonesuch'), undefined)
    t.equal(await client.get('*'), undefined)
    await t.rejects(client.control('nonesuch', 'stop'), { code: 'NOT_FOUND' })
    await t.rejects(client.tail('nonesuch', 10), { code: 'NOT_FOUND' })
    const { socket, host } = await client.network(job.id)
    t.same([socket, host], [join(launcher.scratch, 'run', job.id, 'ide.sock'), job.host])
  })

  t.test('the ports of a job are those that its own processes listen at', async (t) => {
    const serve = (address: string) =>
      `setsid python3 -c '${listenerScript(address)}' & ${SLEEP.replace('echo up; ', '')}`
    const [v4, any, v6] = await Promise.all([
      launcher.run(serve('127.0.0.1')),
      launcher.run(serve('0.0.0.0')),
      launcher.run(serve('::1')),
    ])
    const seen = async (job: Job) => {
      const port = Number(
        await until(async () => (await client.tail(job.id, 100)).trim() || undefined),
      )
      return { port, served: await client.ports(job.id) }
    }
    for (const [job, address] of [
      [v4, '127.0.0.1'],
      [any, '127.0.0.1'],
      [v6, '::1'],
    ] as const) {
      const { port, served } = await seen(job)
      t.match(served, [{ port, address, process: /^python3/, listener: /^\d+$/ }])
      t.equal(served.length, 1)
    }
    await t.rejects(client.ports('nonesuch'), { code: 'NOT_FOUND' })
    for (const { id } of [v4, any, v6]) await client.control(id, 'kill')
    await launcher.ended(v4.id)
    await t.rejects(client.ports(v4.id), { code: 'JOB_STATE' })
  })

  const asOther = { skip: process.getuid?.() === 0 ? false : 'only root can be two accounts' }
  t.test(
    "a stranger that takes a job's id into its environment is not its own",
    asOther,
    async (t) => {
      const job = await launcher.run(SLEEP)
      const stranger = spawn('python3', ['-c', listenerScript('127.0.0.1')], {
        uid: 1,
        gid: 1,
        env: { PATH: process.env['PATH'], ATELIER_JOB_ID: job.id },
      })
      t.teardown(() => stranger.kill('SIGKILL'))
      const port = Number(String((await once(stranger.stdout, 'data'))[0]))
      t.match(readFileSync('/proc/net/tcp', 'utf8'), `0100007F:${hex(port)} `)
      t.same(await client.ports(job.id), [])
      await client.control(job.id, 'kill')
    },
  )

  t.test('stop ends a job as Finished with 143, kill as Killed with 137', async (t) => {
    const [stopped, killed] = await Promise.all([launcher.run(SLEEP), launcher.run(SLEEP)])
    await client.control(stopped.id, 'stop')
    await client.control(killed.id, 'kill')
    t.match(await launcher.ended(stopped.id), { status: 'Finished', exitCode: 143 })
    t.match(await launcher.ended(killed.id), { status: 'Killed', exitCode: 137 })
    await t.rejects(client.control(stopped.id, 'stop'), { code: 'JOB_STATE' })
    await t.rejects(client.network(stopped.id), { code: 'JOB_STATE' })
  })

  t.test('a suspended job stands still until it is resumed', async (t) => {
    const job = await launcher.run('while :; do echo tick; sleep 0.01; done')
    await client.control(job.id, 'suspend')
    t.equal((await client.get(job.id))?.status, 'Suspended')
    const processes = () => pidsWith('echo tick').filter((pid) => environ(pid).includes(job.id))
    const states = processes().map((pid) => / ([A-Z]) /.exec(readStat(pid))?.[1])
    t.same(
      new Set(states),
      new Set(['S', 'T']),
      'only the leader, which does nothing, is not stopped',
    )
    await client.control(job.id, 'resume')
    t.equal((await client.get(job.id))?.status, 'Running')
    const before = (await client.tail(job.id, 1_000_000)).length
    await until(async () => (await client.tail(job.id, 1_000_000)).length > before || undefined)
    await client.control(job.id, 'kill')
  })

  t.test('kill and stop reach processes that have left the session', async (t) => {
    for (const operation of ['kill', 'stop'] as const) {
      const mark = `strayed-${operation}`
      const stray = `setsid sh -c 'trap "" TERM; : ${mark}; while :; do sleep 1; done' & `
      const job = await launcher.run(`(${stray}) ; ${SLEEP}`)
      await until(() => pidsWith(mark).length > 2 || undefined)
      await client.control(job.id, operation)
      await launcher.ended(job.id)
      t.same(pidsWith(mark), [], operation)
    }
  })

  t.test('what a job leaves behind when it ends is swept', async (t) => {
    const job = await launcher.run(`setsid sh -c ': left-behind; sleep 1000; :' & exit 3`)
    t.match(await launcher.ended(job.id), { status: 'Finished', exitCode: 3 })
    t.same(pidsWith('left-behind'), [])
  })

  t.test('the same key starts one job, also at the same time', async (t) => {
    const jobs = await Promise.all([1, 2, 3].map(() => launcher.run(SLEEP, 'once')))
    const again = await launcher.run(SLEEP, 'once')
    t.equal(new Set([...jobs, again].map(({ id }) => id)).size, 1)
    t.equal((await client.list(['key:once'])).length, 1)
  })

  t.test('a watcher is told the jobs there are, then each change', async (t) => {
    const present = await launcher.run(SLEEP)
    const abort = new AbortController()
    const told: Job[] = []
    const watching = (async () => {
      for await (const job of client.watch(abort.signal)) told.push(job)
    })()
    const statuses = (id: string) => told.filter((job) => job.id === id).map((job) => job.status)
    await until(() => statuses(present.id).includes('Running') || undefined)
    const later = await launcher.run('exit 0')
    await client.control(present.id, 'kill')
    await until(() => statuses(present.id).includes('Killed') || undefined)
    await until(() => statuses(later.id).includes('Finished') || undefined)
    abort.abort()
    await watching
    for (const { id } of [present, later]) {
      const seen = statuses(id)
      const end = seen.findIndex((status) => status === 'Finished' || status === 'Killed')
      t.equal(new Set(seen.slice(end)).size, 1, `an end is final: ${seen.join()}`)
    }
  })

  t.test('usage counts what all processes of a job use', async (t) => {
    const idle = await launcher.run(SLEEP)
    const busy = await launcher.run('setsid sh -c "while :; do :; done" & wait')
    const seen = new Map<string, JobUsage>()
    for await (const usage of client.usage(new AbortController().signal)) {
      seen.set(usage.id, usage)
      if (seen.has(idle.id) && (seen.get(busy.id)?.cpuSeconds ?? 0) > 0.1) break
    }
    t.ok((seen.get(busy.id)?.cpuPercent ?? 0) > 5)
    t.ok((seen.get(idle.id)?.cpuPercent ?? 100) < 5)
    t.ok((seen.get(idle.id)?.residentBytes ?? 0) > 100_000)
    await client.control(busy.id, 'kill')
  })

  t.test('a secret is in no command line and in no file', async (t) => {
    const secret = `secret-${crypto.randomUUID()}`
    const job = await launcher.run(SLEEP, 'secret', { TOKEN: secret })
    await until(async () => (await client.tail(job.id, 10)) === 'up\n' || undefined)
    t.same(pidsWith(secret), [])
    for (const name of readdirSync(join(launcher.scratch, job.id))) {
      const text = readFileSync(join(launcher.scratch, job.id, name), 'utf8')
      t.notMatch(text, secret, name)
    }
    t.ok(
      pidsWith('sleep 1000').some((pid) => environ(pid).includes(`TOKEN=${secret}`)),
      'but it did reach the job',
    )
  })

  t.test('output beyond the limit is dropped from its beginning, and that is told', async (t) => {
    const lines = 'i=0; while [ $i -lt 3 ]; do seq -f "%010.0f" 1 500000; i=$((i+1)); sleep 1; done'
    const job = await launcher.run(`${lines}; echo last`)
    let output = ''
    for await (const piece of client.output(job.id, new AbortController().signal)) {
      output += piece.output
    }
    const whole = output.replaceAll(/\d*\n\[… output truncated …\]\n/g, '')
    const numbers = whole.split('\n').filter((line) => /^\d/.test(line))
    t.ok(
      numbers.every((line) => /^\d{10}$/.test(line)),
      'no line is torn',
    )
    t.match(output.slice(-20), /last\n$/)
    let late = ''
    for await (const piece of client.output(job.id, new AbortController().signal)) {
      late += piece.output
    }
    t.match(late.slice(0, 200), /output truncated/)
    t.ok(late.length < 9_000_000, `${late.length} characters are kept`)
    t.match(late.slice(-20), /last\n$/)
    const { blocks } = statSync(join(launcher.scratch, job.id, 'stdout'))
    t.ok(blocks * 512 < 9_000_000, `${blocks} blocks of disk are used`)
  })

  t.test('a job that cannot be is refused with the reason', async (t) => {
    const cases: [change: object, reason: RegExp][] = [
      [{ user: 'root' }, /never run as root/],
      [{ user: 'no-such-account' }, /no account no-such-account/],
      [{ user: '0' }, /no account 0/],
      [{ user: '' }, /user/],
      [{ environment: { 'A B': '1' } }, /A B cannot be an environment variable/],
      [{ environment: { ATELIER_ENV_0: 'x' } }, /cannot be an environment variable/],
      [{ exe: '' }, /exe/],
    ]
    for (const [change, message] of cases) {
      const submitted = client.submit({ ...shellJob('exit 0'), ...change }, crypto.randomUUID())
      await t.rejects(submitted, { code: 'BAD_REQUEST', message }, JSON.stringify(change))
    }
    const leftOver = readdirSync(launcher.scratch).filter((name) => name.startsWith('.'))
    t.same(leftOver, [], 'nothing is left behind')
  })
})

/** A program in Python that listens at a free port of this address, and prints it. */
function listenerScript(address: string): string {
  const family = address.includes(':') ? 'AF_INET6' : 'AF_INET'
  return `import socket, time; s = socket.create_server(("${address}", 0), family=socket.${family}); print(s.getsockname()[1], flush=True); time.sleep(1000)`
}

function hex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0')
}

function environ(pid: number): string {
  return isRunning(pid) ? readFileSync(`/proc/${pid}/environ`, 'utf8') : ''
}

function readStat(pid: number): string {
  return readFileSync(`/proc/${pid}/stat`, 'utf8')
}
