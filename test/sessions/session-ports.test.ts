import t from 'tap'
import type { JobPort } from '../../src/launcher/job.ts'
import { SessionPorts } from '../../src/sessions/session-ports.ts'
import { session } from '../fixtures/session.ts'
import { until } from '../fixtures/until.ts'

const one = session({ state: 'Active', jobId: 'job-1' })
const served = (port: number, listener = 'a'): JobPort => ({
  port,
  address: '127.0.0.1',
  process: 'R',
  listener,
})

/** A host whose looks end when the test says so. */
class Host {
  readonly asked: string[] = []
  readonly #answers: ((ports: readonly JobPort[]) => void)[] = []

  ports(jobId: string): Promise<readonly JobPort[]> {
    this.asked.push(jobId)
    return new Promise((resolve) => this.#answers.push(resolve))
  }

  answer(...ports: JobPort[]): void {
    this.#answers.shift()?.(ports)
  }
}

t.test('those who ask at the same time share a look that begins after they asked', async (t) => {
  const host = new Host()
  const ports = new SessionPorts({ launcher: host })
  const first = ports.list(one)
  const others = [ports.list(one), ports.list(one), ports.stillServes(one, served(80, 'b'))]
  t.equal(host.asked.length, 1)
  host.answer(served(80, 'a'))
  t.same(await first, [served(80, 'a')])
  await until(() => host.asked.length === 2)
  host.answer(served(80, 'b'))
  t.same(await Promise.all(others), [[served(80, 'b')], [served(80, 'b')], true])
  t.equal(host.asked.length, 2)
})

t.test('what is known is answered at once, by another job of the session it is not', async (t) => {
  const host = new Host()
  const ports = new SessionPorts({ launcher: host })
  const finding = ports.find(one, 80)
  host.answer(served(80))
  await finding
  t.same(await ports.find(one, 80), [served(80)])
  t.equal(host.asked.length, 1)
  const again = ports.find({ ...one, jobId: 'job-2' }, 80)
  await until(() => host.asked.length === 2)
  host.answer()
  await t.rejects(again, { code: 'PORT_NOT_SERVED' })
  t.same(host.asked, ['job-1', 'job-2'])
  ports.forget(one.id)
  const anew = ports.find(one, 80)
  t.equal(host.asked.length, 3)
  host.answer(served(80))
  await anew
})

t.test('an app that was started just after a look is found by the next', async (t) => {
  const host = new Host()
  const ports = new SessionPorts({ launcher: host })
  const early = ports.find(one, 80)
  host.answer()
  await t.rejects(early, { code: 'PORT_NOT_SERVED' })
  const waiting = [ports.find(one, 80), ports.find(one, 80), ports.find(one, 80)]
  t.equal(host.asked.length, 1, 'not at once')
  await until(() => host.asked.length === 2)
  let done = false
  const found = Promise.all(waiting).finally(() => (done = true))
  await until(() => {
    host.answer(served(80))
    return done
  })
  t.same(await found, [[served(80)], [served(80)], [served(80)]])
  t.ok(host.asked.length <= 3, 'those who wait share a look')
})

t.test('the same port by another socket is not the same', async (t) => {
  const host = new Host()
  const ports = new SessionPorts({ launcher: host })
  for (const [now, still] of [
    [served(80, 'a'), true],
    [served(80, 'b'), false],
    [{ ...served(80, 'a'), address: '::1' } as const, false],
    [served(81, 'a'), false],
  ] as const) {
    const asking = ports.stillServes(one, served(80, 'a'))
    host.answer(now)
    t.equal(await asking, still)
  }
})

t.test('a session that does not run serves nothing, and nobody is asked', async (t) => {
  const host = new Host()
  const ports = new SessionPorts({ launcher: host })
  for (const changes of [{ jobId: null }, { state: 'Starting' }, { state: 'Stopped' }] as const) {
    t.same(await ports.list({ ...one, ...changes }), [])
  }
  t.equal(host.asked.length, 0)
})

t.test('a failed look is tried again by the next who asks', async (t) => {
  let fails = true
  const launcher = {
    ports: () => (fails ? Promise.reject(new Error('away')) : Promise.resolve([served(80)])),
  }
  const ports = new SessionPorts({ launcher })
  await t.rejects(ports.find(one, 80), { message: 'away' })
  fails = false
  t.same(await ports.find(one, 80), [served(80)])
})
