import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import type { JobJson } from '../../src/control/job-json.ts'
import { startTestCluster } from '../fixtures/cluster.ts'
import { JobScripts, submit, untilJob } from '../fixtures/jobs.ts'
import { threeOf } from '../fixtures/three-of.ts'
import { until } from '../fixtures/until.ts'

interface Got {
  readonly path: string
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

interface Deliveries {
  readonly items: readonly {
    readonly id: string
    readonly state: string
    readonly attempts: number
    readonly tries: readonly { readonly status: number | null; readonly problem: string | null }[]
  }[]
}

const got: Got[] = []
/** What is answered at a path, by the number of the request there; 204 without. */
const answers = new Map<string, (count: number) => number | Promise<number>>()
const receiver = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => (body += chunk.toString()))
  request.on('end', () => {
    const { url: path = '', headers } = request
    got.push({ path, headers, body })
    const count = got.filter((each) => each.path === path).length
    const status = Promise.resolve(answers.get(path)?.(count) ?? 204)
    void status.then((code) => response.writeHead(code).end())
  })
})
receiver.listen(0, '127.0.0.1')
await once(receiver, 'listening')
t.teardown(() => {
  receiver.closeAllConnections()
  receiver.close()
})
const { port } = receiver.address() as AddressInfo
const host = `127.0.0.1:${port}`

const cluster = await startTestCluster(t, { settings: { jobs: { webhook_hosts: [host] } } })
const nodes = threeOf(cluster.nodes)
const [one, two, three] = nodes
const user = await cluster.signIn(one)
const scripts = await JobScripts.in(one.directory)
const hook = (path: string): string => `http://${host}${path}`
const gotAt = (path: string): readonly Got[] => got.filter((each) => each.path === path)

async function secret(method: 'GET' | 'POST' = 'GET'): Promise<Buffer> {
  const { body } = await user.ask<{ secret: string }>(method, '/api/v1/webhook-secret')
  t.match(body.secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
  return Buffer.from(body.secret.slice('whsec_'.length), 'base64')
}

/** As a library of Standard Webhooks does it. */
function isSignedBy(key: Buffer, { headers, body }: Got): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signed } = headers
  const signature = createHmac('sha256', key)
    .update(`${String(id)}.${String(at)}.${body}`)
    .digest('base64')
  const isLate = Math.abs(Date.now() / 1000 - Number(at)) > 300
  return !isLate && String(signed).split(' ').includes(`v1,${signature}`)
}

async function deliveriesOf(job: string): Promise<Deliveries['items']> {
  return (await user.ask<Deliveries>('GET', `/api/v1/jobs/${job}/webhook`)).body.items
}

t.test('the end of a job is told, signed, without what is secret', async (t) => {
  const script = await scripts.write('told.sh', 'exit 3')
  const environment = { TOKEN: 'very-secret' }
  const { id } = await submit(user, { script, environment, webhook: hook('/told') })
  const ended = await untilJob(user, id, { state: 'Finished', exitCode: 3 })
  const [message] = await until(() => (gotAt('/told').length > 0 ? gotAt('/told') : undefined))
  if (message === undefined) throw new Error('nothing came')
  const told = JSON.parse(message.body) as JobJson
  t.match(told, {
    id,
    state: 'Finished',
    exitCode: 3,
    user: ended.user,
    environmentNames: ['TOKEN'],
  })
  t.notMatch(message.body, /very-secret/)
  const key = await secret()
  t.ok(isSignedBy(key, message))
  t.notOk(isSignedBy(key, { ...message, body: `${message.body} ` }))
  const [delivery] = await until(async () => {
    const items = await deliveriesOf(id)
    return items[0]?.state === 'delivered' ? items : undefined
  })
  t.match(delivery, { id: message.headers['webhook-id'], tries: [{ status: 204, problem: null }] })
  t.equal(gotAt('/told').length, 1)
})

t.test('with a new secret both sign, for a while', async (t) => {
  const before = await secret()
  const after = await secret('POST')
  t.notSame(before, after)
  t.same(await secret(), after)
  const script = await scripts.write('both.sh', 'true')
  await submit(user, { script, webhook: hook('/both') })
  const [message] = await until(() => (gotAt('/both').length > 0 ? gotAt('/both') : undefined))
  if (message === undefined) throw new Error('nothing came')
  t.ok(isSignedBy(before, message))
  t.ok(isSignedBy(after, message))
})

t.test('a failure is tried again as the same message; what is gone is not', async (t) => {
  answers.set('/failing', (count) => (count === 1 ? 500 : 204))
  answers.set('/gone', () => 410)
  const script = await scripts.write('again.sh', 'true')
  const failing = await submit(user, { script, webhook: hook('/failing') })
  const gone = await submit(user, { script, webhook: hook('/gone') })
  const messages = await until(() => {
    const all = gotAt('/failing')
    return all.length >= 2 ? all : undefined
  })
  t.equal(new Set(messages.map(({ headers }) => headers['webhook-id'])).size, 1)
  await until(async () => (await deliveriesOf(failing.id))[0]?.state === 'delivered')
  t.match(await deliveriesOf(failing.id), [
    { attempts: 2, tries: [{ status: 500, problem: /answered 500/ }, { status: 204 }] },
  ])
  await until(async () => (await deliveriesOf(gone.id))[0]?.state === 'failed')
  t.equal(gotAt('/gone').length, 1)
})

t.test(
  'it is told at least once although the node that tells it dies in the midst of it',
  async (t) => {
    answers.set('/dying', async (count) => {
      if (count > 1) return 204
      // Whoever has sent it: two of them, of which one has.
      const [name] = await senders()
      await nodes.find((node) => node.name === name)?.kill()
      return 500
    })
    const script = await scripts.write('dying.sh', 'true')
    const { id } = await submit(user, { script, webhook: hook('/dying') })
    const messages = await until(() => {
      const all = gotAt('/dying')
      return all.length >= 2 ? all : undefined
    }, 120_000)
    t.equal(new Set(messages.map(({ headers }) => headers['webhook-id'])).size, 1)
    const [row] = await until(async () => {
      const rows = await cluster.db.query<{ state: string; attempts: number }>(
        'select state, attempts from atelier.webhook_deliveries where job = $1',
        [id],
      )
      return rows[0]?.state === 'delivered' ? rows : undefined
    })
    t.ok((row?.attempts ?? 0) >= 2)
  },
)

/** The nodes whose connections to the receiver are open. */
async function senders(): Promise<readonly string[]> {
  const { readFile, readdir, readlink } = await import('node:fs/promises')
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const table = await readFile('/proc/net/tcp', 'utf8')
  const inodes = table
    .split('\n')
    .map((row) => row.trim().split(/\s+/))
    .filter((row) => row[2]?.endsWith(`:${hex}`) && row[3] === '01')
    .map((row) => `socket:[${row[9]}]`)
  const found: string[] = []
  for (const node of [one, two, three]) {
    const folder = `/proc/${node.pid}/fd`
    for (const fd of await readdir(folder).catch(() => [])) {
      const target = await readlink(`${folder}/${fd}`).catch(() => '')
      if (inodes.includes(target)) found.push(node.name)
    }
  }
  return found
}
