import fc from 'fast-check'
import type { IncomingMessage, ServerResponse } from 'node:http'
import t from 'tap'
import { raw, session, stage, upstream } from './stage.ts'

t.test(
  'the session that the door saw is the one that gets the bytes, and gets them exact',
  async (t) => {
    const hits: [id: string, url: string][] = []
    const ides = { one: await upstream(t), two: await upstream(t) }
    for (const [id, { server }] of Object.entries(ides)) {
      server.on('request', (request: IncomingMessage, response: ServerResponse) => {
        hits.push([id, request.url ?? ''])
        response.end()
      })
      server.on('upgrade', (request: IncomingMessage, socket) => {
        hits.push([id, request.url ?? ''])
        socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n')
      })
    }
    const { port, admitted } = await stage(t, {
      sessions: [
        session('one', ides.one.path),
        session('two', ides.two.path, { ide: 'jupyterlab' }),
      ],
    })
    const pieces = [
      'one',
      'two',
      '/',
      '//',
      '/s/',
      's',
      '..',
      '.',
      '%2e%2e',
      '%2E',
      '%2f',
      '%5c',
      '\\',
    ]
    const odd = [
      '%',
      '%00',
      '%c0%ae',
      '?',
      '#',
      ';',
      '@',
      ':',
      '|',
      '%7c',
      '\u00e9',
      '\0',
      '%0d%0a',
      '&',
    ]
    const url = fc
      .tuple(
        fc.constantFrom(
          '/s/one/',
          '/s/two/',
          '/s/one',
          '/s/two',
          '/s/',
          '//s/one/',
          'http://two/s/one/',
        ),
        fc.array(fc.constantFrom(...pieces, ...odd), { maxLength: 8 }),
      )
      .map(([start, rest]) => start + rest.join(''))
    let passed = 0
    await fc.assert(
      fc.asyncProperty(url, fc.boolean(), async (url, upgrade) => {
        hits.length = 0
        admitted.length = 0
        const headers = upgrade ? 'Connection: Upgrade\r\nUpgrade: websocket' : 'Connection: close'
        const answer = await raw(port, `GET ${url} HTTP/1.1\r\nHost: h\r\n${headers}\r\n\r\n`)
        const [hit] = hits
        if (hit === undefined) {
          t.match(answer, /^HTTP\/1.1 (400|404|308) /, JSON.stringify(url))
          return
        }
        passed += 1
        const [id, path] = hit
        t.equal(hits.length, 1)
        t.same(admitted, [[id, upgrade ? 'upgrade' : 'request']])
        t.equal(id === 'two' ? path : `/s/one${path}`, url)
      }),
      { numRuns: 1000 },
    )
    t.ok(passed > 50, `${passed} requests reached an IDE`)
  },
)
