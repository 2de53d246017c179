import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { type PeerTls, readPeerTls } from '../../src/peers/peer-tls.ts'
import { ask, session, type Teardown, until } from '../proxy/stage.ts'
import { browse, webSocketIde } from '../proxy/web-sockets.ts'
import { hopFrom, TestNodes } from './nodes.ts'

/** An authority of its own, and what it signs for the names and addresses in `for`. */
function authority(t: Teardown) {
  const directory = mkdtempSync(join(tmpdir(), 'peer-tls-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  const openssl = (...args: string[]): void =>
    void execFileSync('openssl', args, { cwd: directory, stdio: 'pipe' })
  const make = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  openssl('req', '-x509', ...make, '-subj', '/CN=cluster', '-keyout', 'ca.key', '-out', 'ca.pem')
  return (name: string, names: string): PeerTls => {
    writeFileSync(join(directory, `${name}.ext`), `subjectAltName=${names}\n`)
    const [key, request, certificate] = [`${name}.key`, `${name}.csr`, `${name}.pem`]
    openssl('req', ...make, '-subj', `/CN=${name}`, '-keyout', key, '-out', request)
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial']
    const ext = ['-extfile', `${name}.ext`, '-days', '2']
    openssl('x509', '-req', '-in', request, ...signed, ...ext, '-out', certificate)
    const tls = readPeerTls({
      peer: {
        port: 1,
        certificate_file: join(directory, certificate),
        key_file: join(directory, key),
        ca_file: join(directory, 'ca.pem'),
      },
    })
    if (tls === undefined) throw new Error('nothing was read')
    return tls
  }
}

t.test('nodes with certificates reach each other, and nobody else reaches them', async (t) => {
  const sign = authority(t)
  const tls = { a: sign('a', 'DNS:a.example.com'), b: sign('b', 'IP:127.0.0.1') }
  const stranger = authority(t)('a', 'IP:127.0.0.1')
  const ide = await webSocketIde(t)
  ide.server.on('request', (request: IncomingMessage, response) => void request.pipe(response))
  ide.webSockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data)))
  const nodes = new TestNodes(t)
  const one = session('one', ide.path, { node: 'b' })
  const b = await nodes.start('b', [one], { tls: tls.b })
  nodes.knows('b', b.port, { url: `https://127.0.0.1:${b.port}` })
  const a = await nodes.start('a', [one], { peerTls: tls.a })
  const body = 'x'.repeat(1_000_000)
  const answer = await ask(a.port, '/s/one/x', { method: 'POST', body })
  t.equal(answer.status, 200)
  t.equal(String(answer.body), body)
  const socket = browse(a.port, '/s/one/ws')
  await once(socket, 'open')
  socket.send('hello')
  t.equal(String((await once(socket, 'message'))[0]), 'hello')
  socket.terminate()

  const direct = async (shown: Partial<PeerTls>, headers: Record<string, string>) => {
    const options = { port: b.port, host: '127.0.0.1', path: '/s/one/x', headers, agent: false }
    const request = httpsRequest({ ...shown, ...options, rejectUnauthorized: false })
    request.end()
    return once(request, 'response').then(
      ([response]) => (response as IncomingMessage).resume().statusCode,
      () => 'cut off',
    )
  }
  const hop = hopFrom('a', { url: '/s/one/x' }, { session: 'one', to: 'b' })
  t.equal(await direct(tls.a, hop), 200)
  const before = b.admitted.length
  t.equal(await direct({}, hop), 'cut off', 'without a certificate')
  t.equal(await direct({ cert: stranger.cert, key: stranger.key }, hop), 'cut off', 'another CA')
  t.equal(await direct(tls.a, { 'x-atelier-hop': 'nonsense' }), 403, 'the hop is checked as well')
  t.equal(b.admitted.length, before)
})

t.test('a node does not speak with what only stands at a node’s address', async (t) => {
  const sign = authority(t)
  const tls = sign('a', 'IP:127.0.0.1')
  const others = [sign('b', 'DNS:other.example.com'), authority(t)('b', 'IP:127.0.0.1')]
  for (const shown of others) {
    const nodes = new TestNodes(t)
    const one = session('one', '/x', { node: 'b' })
    const b = await nodes.start('b', [one], { tls: shown })
    nodes.knows('b', b.port, { url: `https://127.0.0.1:${b.port}` })
    const a = await nodes.start('a', [one], { peerTls: tls })
    const asked = ask(a.port, '/s/one/')
    const socket = browse(a.port, '/s/one/ws')
    const refused = once(socket, 'unexpected-response')
    await until('both have been tried again', () => a.admitted.length > 4)
    nodes.knows('b', b.port, { failed: true })
    t.equal((await asked).status, 503)
    await refused
    t.same(b.admitted, [])
  }
})

t.test('certificate, key, authority and port go together', async (t) => {
  t.equal(readPeerTls({ peer: {} }), undefined)
  const all = { port: 1, certificate_file: '/c', key_file: '/k', ca_file: '/a' }
  for (const key of Object.keys(all)) {
    t.throws(() => readPeerTls({ peer: { ...all, [key]: undefined } }), /go together/, key)
  }
  t.throws(() => readPeerTls({ peer: all }), { code: 'ENOENT' })
})
