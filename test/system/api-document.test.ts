import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import pg from 'pg'
import t, { type Test } from 'tap'
import { ApiContract, operationsOf, type ApiDocument } from '../fixtures/api-document.ts'
import type { SessionAnswer } from '../fixtures/api.ts'
import { requestsTo } from '../fixtures/arbitrary-requests.ts'
import { dataDirectory, startTestAtelier } from '../fixtures/atelier.ts'
import { withBuiltInDatabase } from '../fixtures/built-in-database.ts'
import { TestCli } from '../fixtures/cli.ts'
import { misbehavingIde } from '../fixtures/misbehaving-ide.ts'
import { send, type RawAnswer } from '../fixtures/raw-request.ts'
import { until } from '../fixtures/until.ts'

const RUNS = 60
const A_NODE_THAT_ENDED = `
  insert into atelier.nodes (name, installation, boot_id, url, version, lease_until, left_at)
  values ('node-gone', 'x', 'y', 'http://127.0.0.1:1', '1.0.0', now(), now())`

t.test('the API and its document', async (t) => {
  const directory = await dataDirectory(t)
  const ide = await misbehavingIde(join(directory, 'ides'))
  await ide.change('echo it runs; exec sleep 1000')
  const atelier = await startTestAtelier(t, [
    `ides.directory="${ide.directory}"`,
    'ides.install=false',
    'api.requests_per_minute=1000000',
    'api.sign_ins_per_minute=1000000',
    'sessions.stop_timeout_seconds=1',
  ])
  const { address, signInLink } = atelier
  const answered = await send(address, { method: 'GET', path: '/api/v1/openapi.json', headers: {} })
  const document = JSON.parse(answered.text) as ApiDocument
  const contract = new ApiContract(document)
  const all = operationsOf(document)

  await t.test('it is a document of OpenAPI 3.1', (t) => {
    t.equal(answered.status, 200)
    t.strictSame(contract.formProblems(), [])
    t.ok(all.length >= 12)
    t.end()
  })

  const call = async (
    operationId: string,
    { id = '', name = '', query = '', body, headers = {}, enough }: Call = {},
  ): Promise<RawAnswer> => {
    const located = all.find(({ operation }) => operation.operationId === operationId)
    if (located === undefined) throw new Error(`${operationId} is not in the document`)
    const request = {
      method: located.method.toUpperCase(),
      path: `/api/v1${located.path.replace('{id}', id).replace('{name}', name)}${query}`,
      headers: { ...signedIn, 'content-type': 'application/json', ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    }
    const answer = await send(address, request, enough)
    t.strictSame(contract.problems(located, answer), [], `${operationId}: ${answer.status}`)
    return answer
  }
  const start = async (headers = {}): Promise<SessionAnswer> => {
    const { text } = await call('startSession', { body: { ide: 'jupyterlab' }, headers })
    return JSON.parse(text) as SessionAnswer
  }
  const signInBy = async (link: string): Promise<{ cookie: string }> => {
    const { headers } = await call('signIn', { body: { token: new URL(link).hash.slice(1) } })
    return { cookie: String(headers['set-cookie']).split(';')[0] ?? '' }
  }
  let signedIn: Record<string, string> = {}
  const jobOperations = async (t: Test): Promise<void> => {
    const script = join(directory, 'job.sh')
    writeFileSync(script, 'echo it runs; exec sleep 1000', { mode: 0o755 })
    const submit = async (operation: string, more: Call): Promise<{ id: string }> => {
      const { id } = JSON.parse((await call(operation, more)).text) as { id: string }
      return { id }
    }
    const ofJob = await submit('submitJob', { body: { script } })
    const untilState = (of: { id: string }, state: string) =>
      until(async () => (await call('getJob', of)).text.includes(`"state":"${state}"`))
    await call('listJobs', { query: '?state=Pending,Running&limit=1' })
    await untilState(ofJob, 'Running')
    await call('followJob', { ...ofJob, enough: (text) => text.includes('it runs') })
    const again = await submit('runJobAgain', ofJob)
    await untilState(again, 'Running')
    for (const of of [ofJob, again]) {
      await call('stopJob', { ...of, body: { force: true } })
      await untilState(of, 'Killed')
    }
    await call('readJobOutput', ofJob)
    await call('readJobLines', { ...ofJob, query: '?from=0&count=10' })
    await call('searchJobOutput', { ...ofJob, query: '?text=runs' })
    await call('readJobUsage', ofJob)
    t.equal((await call('getJob', { id: 'none' })).status, 404)
    await call('getJobChoices')
    await call('listFiles')
    t.equal((await call('listFiles', { query: '?path=/nowhere' })).status, 404)
  }

  await t.test('every operation answers what the document says', async (t) => {
    signedIn = await signInBy(signInLink)
    await call('getDocument')
    await call('getSignInWays')
    await call('getMe')
    await call('listIdes')
    await call('listVersions')
    await call('listNodes')
    await withBuiltInDatabase(atelier.directory, (client) => client.query(A_NODE_THAT_ENDED))
    await call('followNodes', { enough: (text) => text.includes('node-gone') })
    for (const operation of ['listNodeSessions', 'drainNode', 'undrainNode', 'removeNode']) {
      t.equal((await call(operation, { name: 'node-gone' })).status < 300, true, operation)
      t.equal((await call(operation, { name: 'no-such' })).status, 404, operation)
    }
    await call('listProfiles')
    await call('getLimits')
    await call('getDashboard')
    await call('listWork', { query: '?limit=1' })
    await call('getDashboardHistory', {
      query: '?from=2026-01-01T00:00:00Z&to=2026-01-01T01:00:00Z&step=60',
    })
    await call('listHistory', { query: '?user=*&state=Failed,Stopped&limit=1' })
    await call('getUse')
    await call('listProjects')
    const notice = await call('createNotice', { body: { text: 'x' } })
    const ofNotice = { id: (JSON.parse(notice.text) as { id: string }).id }
    await call('listNotices', { query: '?all=true' })
    await call('changeNotice', { ...ofNotice, body: { severity: 'warning' } })
    await call('deleteNotice', ofNotice)
    t.equal((await call('deleteNotice', ofNotice)).status, 404)
    const made = await call('createToken', {
      body: { name: 'x', scopes: ['read'], expiresInDays: 1 },
    })
    await call('listTokens')
    await call('revokeToken', { id: (JSON.parse(made.text) as { id: string }).id })
    const nightly = { cron: '0 3 * * *', enabled: false, request: { script: '/nowhere/x.sh' } }
    const scheduled = await call('createSchedule', { body: nightly })
    const schedule = { id: (JSON.parse(scheduled.text) as { id: string }).id }
    t.equal((await call('createSchedule', { body: { ...nightly, cron: 'x' } })).status, 400)
    await call('listSchedules')
    await call('getSchedule', schedule)
    t.equal((await call('getSchedule', { id: 'none' })).status, 404)
    await call('changeSchedule', {
      ...schedule,
      body: { missed: 'once', request: { args: ['a'] } },
    })
    const run = await call('runSchedule', schedule)
    await call('listWebhookDeliveries', { id: (JSON.parse(run.text) as { id: string }).id })
    t.equal((await call('removeSchedule', schedule)).status, 204)
    await call('getWebhookSecret')
    await call('replaceWebhookSecret')
    const events = call('followEvents', { enough: (text) => text.includes('event: removed') })
    const { id, version } = await start()
    await call('listSessions', { query: '?limit=1&state=Starting,Active&sort=-createdAt' })
    // While it starts, its version may change between the two.
    await until(async () => {
      const { headers: read } = await call('getSession', { id })
      const known = { 'if-none-match': String(read['etag']) }
      return (await call('getSession', { id, headers: known })).status === 304
    })
    const old = { 'if-match': `"${version + 100}"` }
    t.equal((await call('renameSession', { id, body: { name: 'x' }, headers: old })).status, 412)
    t.equal((await call('stopSession', { id, headers: old })).status, 412)
    t.equal((await call('renameSession', { id, body: { name: 'x', version: 999 } })).status, 409)
    t.equal((await call('renameSession', { id, body: { name: 'x' } })).status, 200)
    await until(async () => (await call('listPorts', { id })).status === 200)
    await call('keepSession', { id, body: { until: null } })
    await call('followOutput', { id, enough: (text) => text.includes('it runs') })
    await call('getLauncher')
    await call('getLauncherCluster', { name: 'Local' })
    t.equal((await call('getLauncherCluster', { name: 'None' })).status, 404)
    // By its tag: a search for versions is a job too, and may run still.
    const job = await until(async () => {
      const query = `?status=Running&cluster=Local&tag=session:${id}`
      const { text } = await call('listLauncherJobs', { query })
      return (JSON.parse(text) as { items: { id: string }[] }).items[0]
    })
    const ofJob = { id: job.id }
    await call('getLauncherJob', ofJob)
    t.equal((await call('getLauncherJob', { id: 'none' })).status, 404)
    await call('followLauncherJobOutput', { ...ofJob, enough: (text) => text.includes('it runs') })
    const resume = { body: { operation: 'resume' } }
    t.equal((await call('controlLauncherJob', { ...ofJob, ...resume })).status, 409)
    await call('controlLauncherJob', { ...ofJob, body: { operation: 'suspend' } })
    await call('controlLauncherJob', { ...ofJob, ...resume })
    await jobOperations(t)
    t.equal((await call('restartSession', { id })).status, 409)
    await until(async () => {
      await lose(atelier.directory, id)
      return (await call('restartSession', { id })).status === 202
    })
    await until(
      async () => (await call('stopSession', { id, query: '?force=true' })).status === 204,
    )
    await events
    // Of another sign-in, as this one is used on.
    const { stdout } = await new TestCli({ directory: atelier.directory }).run('sign-in')
    await call('signOut', { headers: await signInBy(stdout.trim()) })
    // Each is for another auth.method; test/system/sign-in.test.ts signs in by them.
    const elsewhere = ['signInByPassword', 'signInByProxy']
    for (const other of elsewhere) {
      const body = other === 'signInByProxy' ? {} : { body: { user: 'x', password: 'x' } }
      t.equal((await call(other, body)).status, 409)
    }
    const expected = all
      .map(({ operation }) => operation.operationId)
      .filter((id) => !elsewhere.includes(id))
      .toSorted()
    t.strictSame([...contract.succeeded].toSorted(), expected, 'none was forgotten')
  })

  await t.test('what goes wrong is in the document too', async (t) => {
    const known = signedIn
    signedIn = {}
    for (const { operation } of all) {
      if (operation.security.length === 0) continue
      t.equal((await call(operation.operationId, { id: 'x', name: 'x', body: {} })).status, 401)
    }
    signedIn = known
    for (const path of ['/api/v1/none', '/api/none', '/api/', '/api/v1/sessions/a/b/c']) {
      const { status, type, text } = await send(address, { method: 'GET', path, headers: known })
      t.match({ status, type, text }, { status: 404, type: /json/, text: /NOT_FOUND/ }, path)
    }
    for (const method of ['PUT', 'OPTIONS', 'PROPFIND']) {
      const path = '/api/v1/sessions'
      const { status, headers, text } = await send(address, { method, path, headers: known })
      t.match({ status, text }, { status: 405, text: /METHOD_NOT_ALLOWED/ }, method)
      t.equal(headers['allow'], 'HEAD, GET, POST')
    }
  })

  await t.test('whatever is sent, nothing breaks', async (t) => {
    await ide.change('exit 1')
    const node = await atelier.pid('node')
    const { id } = await start()
    for (const located of all) {
      // Whoever signs out is signed out for good.
      const headers = located.operation.operationId === 'signOut' ? {} : signedIn
      const parts = { ids: [id], headers }
      const property = fc.asyncProperty(requestsTo(located, document, parts), async (request) => {
        const answer = await send(address, request).catch((error: Error) => error)
        if (answer instanceof Error) {
          // A body that is not wanted may be cut off together with its connection.
          if ((request.body?.length ?? 0) > 60_000) return
          throw answer
        }
        const problems = contract.problems(located, answer)
        if (problems.length > 0) throw new Error(problems.join('\n'))
        if (answer.status >= 500) throw new Error(answer.text)
      })
      await fc.assert(property, { numRuns: RUNS })
      t.pass(located.operation.operationId)
    }
    t.equal(await atelier.pid('node'), node, 'the node was not restarted')
    t.equal((await call('getMe')).status, 200)
    t.notMatch(atelier.output(), /request failed/)
  })
})

/** Tells the built-in database, behind Atelier's back, that the server of this session is lost. */
async function lose(directory: string, id: string): Promise<void> {
  const instance = readFileSync(join(directory, 'instance.json'), 'utf8')
  const { databaseUrl } = JSON.parse(instance) as { databaseUrl: string }
  const client = new pg.Client(databaseUrl)
  await client.connect()
  await client.query(
    "update atelier.sessions set state = 'Lost', version = version + 1 where id = $1",
    [id],
  )
  await client.end()
}

interface Call {
  readonly id?: string
  /** Of a node. */
  readonly name?: string
  readonly query?: string
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
  readonly enough?: (text: string) => boolean
}
