import t from 'tap'
import { ApiClient } from '../../src/cli/api-client.ts'
import { choose, OwnSessions, type OwnSession } from '../../src/cli/own-sessions.ts'
import { textTable } from '../../src/cli/print.ts'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

t.test('a session is chosen by its id, else by its name', (t) => {
  const session = (id: string, name: string | null): OwnSession => {
    return { id, name, ide: 'vscode', url: `/s/${id}/`, state: 'Active', reason: null, stateAt: '' }
  }
  const all = [
    session('aaa', 'one'),
    session('bbb', 'one'),
    session('ccc', 'aaa'),
    session('d', null),
  ]
  const cases: [wanted: string, ids: string[]][] = [
    ['bbb', ['bbb']],
    ['aaa', ['aaa']],
    ['one', ['aaa', 'bbb']],
    ['none', []],
    ['', []],
  ]
  for (const [wanted, ids] of cases) {
    t.strictSame(
      choose(all, wanted).map(({ id }) => id),
      ids,
      wanted,
    )
  }
  t.end()
})

t.test('all pages are read', async (t) => {
  const asked: string[] = []
  const session = { name: null, ide: 'vscode', url: '', state: 'Active', reason: null, stateAt: '' }
  const client = {
    request: async (_method: string, path: string) => {
      asked.push(path)
      const isFirst = !path.includes('cursor')
      return { items: [{ ...session, id: isFirst ? 'a' : 'b' }], next: isFirst ? 'x/=' : null }
    },
  }
  const sessions = await new OwnSessions({ client }).list()
  t.strictSame(
    sessions.map(({ id }) => id),
    ['a', 'b'],
  )
  t.strictSame(asked, ['/api/v1/sessions?limit=200', '/api/v1/sessions?limit=200&cursor=x%2F%3D'])
})

t.test('waiting for a start ends when its server is lost', async (t) => {
  const states = ['Starting', 'Lost']
  const told = { id: 'a', name: null, ide: 'vscode', url: '', reason: null, stateAt: '' }
  const answer = () => ({ ...told, node: 'node-2', state: states.shift() ?? 'Lost' })
  const sessions = new OwnSessions({ client: { request: async () => answer() } })
  const waiting = sessions.started(
    await sessions.start({ ide: 'vscode' }),
    new AbortController().signal,
  )
  await t.rejects(waiting, { code: 'SESSION_LOST', message: /its server node-2 is lost/ })
})

t.test('a table is as wide as what is in it', (t) => {
  t.equal(
    textTable(
      ['A', 'LONG', 'C'],
      [
        ['one', '', 'x'],
        ['', 'two', ''],
      ],
    ),
    'A    LONG  C\none        x\n     two',
  )
  t.end()
})

t.test("the API's own error is passed on, and what is no Atelier is named", async (t) => {
  const answers: [status: number, body: string][] = [
    [409, '{"error":{"code":"IDE_MISSING","message":"It is not installed."}}'],
    [502, '<html>Bad gateway</html>'],
    [204, ''],
    [200, '{"a":1}'],
  ]
  const server = createServer((_request, response) => {
    const [status, body] = answers.shift() ?? [500, '']
    response.writeHead(status).end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const address = `http://127.0.0.1:${port}`
  const client = new ApiClient({ address, headers: {} })
  await t.rejects(client.request('GET', '/'), {
    code: 'IDE_MISSING',
    message: 'It is not installed.',
  })
  await t.rejects(client.request('GET', '/'), { code: 'NOT_ATELIER', message: /status 502/ })
  t.equal(await client.request('GET', '/'), null)
  t.strictSame(await client.request('GET', '/'), { a: 1 })
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
  await t.rejects(client.request('GET', '/'), { code: 'NOT_RUNNING' })
})
