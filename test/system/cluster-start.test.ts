import t from 'tap'
import { signIn, type ApiUser } from '../fixtures/api.ts'
import { startTestAtelier } from '../fixtures/atelier.ts'
import { TestCli } from '../fixtures/cli.ts'
import { until } from '../fixtures/until.ts'

interface Node {
  readonly name: string
  readonly address: string
  readonly pid: number
}

t.test('three nodes and a balancer on one machine', async (t) => {
  const atelier = await startTestAtelier(t, [], { command: ['cluster', 'start'] })
  const user = await signIn(atelier.signInLink)
  let id = ''

  await t.test('each node serves, alone and behind the balancer', async (t) => {
    const nodes = latest(atelier.output())
    t.strictSame(
      nodes.map(({ name }) => name),
      ['node-1', 'node-2', 'node-3'],
    )
    t.equal(new Set([atelier.address, ...nodes.map(({ address }) => address)]).size, 4)
    for (const { address } of nodes) {
      t.equal((await fetch(`${address}/health`)).status, 200, address)
      // The nodes have one key, so who is signed in at one is so at all.
      const same = await fetch(`${address}/api/v1/me`, { headers: { cookie: user.cookie } })
      t.equal(same.status, 200)
    }
  })

  await t.test('a session is started through the balancer', async (t) => {
    const session = await user.start('jupyterlab')
    id = session.id
    t.equal(session.state, 'Active')
    const cli = new TestCli({ directory: atelier.directory })
    t.match(await cli.json('session', 'list'), { items: [{ id, state: 'Active' }] })
  })

  await t.test('a node that is killed is passed over, and comes back at its address', async (t) => {
    const [, second] = latest(atelier.output())
    if (second === undefined) throw new Error('there is none')
    const isBack = () => second.pid !== pidOf(atelier.output(), second.name)
    process.kill(second.pid, 'SIGKILL')
    await until(async () => isBack() || !(await answers(second.address)))
    let asked = 0
    do {
      t.ok(await answers(atelier.address), 'the others serve')
      asked++
    } while (!isBack())
    t.comment(`${asked} requests meanwhile`)
    t.equal((await fetch(`${second.address}/health`)).status, 200)
    t.match(await user.session(id), { state: 'Active' })
  })

  await t.test('stopped in order and started again, the session is still there', async (t) => {
    t.equal(await atelier.stop(), 0)
    t.match(atelier.output(), /Sessions keep running/)
    await atelier.restart()
    const again: ApiUser = await signIn(atelier.signInLink)
    t.match(await again.untilState(id, 'Active'), { id })
  })
})

/** Whether a request with a connection of its own is answered. */
function answers(address: string): Promise<boolean> {
  return fetch(`${address}/health`, { headers: { connection: 'close' } }).then(
    ({ ok }) => ok,
    () => false,
  )
}

/** What each node was last said to be, by name. */
function latest(output: string): readonly Node[] {
  const said = output.matchAll(/(node-\d) serves(?: again)? at (\S+), process (\d+)/g)
  const nodes = new Map<string, Node>()
  for (const [, name = '', address = '', pid] of said) {
    nodes.set(name, { name, address, pid: Number(pid) })
  }
  return [...nodes.values()].sort((one, other) => one.name.localeCompare(other.name))
}

function pidOf(output: string, wanted: string): number | undefined {
  return latest(output).find(({ name }) => name === wanted)?.pid
}
