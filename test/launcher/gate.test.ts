import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { makeKeyFile, readKeyFile } from '../../src/key-file.ts'
import { Gate } from '../../src/launcher/gate.ts'
import { LauncherKey } from '../../src/launcher/launcher-key.ts'
import type { Log } from '../../src/log.ts'
import { SILENT, shortDirectory } from './fixtures/launcher-fixture.ts'

/** A server behind a gate that believes it is asked by `peer.uid`, and a clock that a test moves. */
async function guarded(t: Test) {
  const directory = shortDirectory(t)
  makeKeyFile(join(directory, 'key'))
  const key = readKeyFile(join(directory, 'key')).toString('base64')
  const told: object[] = []
  const log: Log = { ...SILENT, warn: (facts: object) => void told.push(facts) }
  const peer = { uid: 1, gid: 1, pid: 1 }
  const clock = { ms: 0 }
  const gate = new Gate({
    key: new LauncherKey(key),
    uids: [0, 1],
    readPeer: () => peer,
    log,
    now: () => clock.ms,
  })
  const server = createServer((request, response) => {
    if (gate.opens(request, response)) response.end('in')
  })
  server.prependListener('connection', (socket) => gate.checkPeer(socket))
  server.listen(join(directory, 'sock'))
  await once(server, 'listening')
  t.teardown(() => server.close())
  /** All that is answered to a request with these lines more. */
  const ask = async (...lines: string[]) => {
    const socket = connect(join(directory, 'sock')).setEncoding('utf8')
    let text = ''
    socket.on('data', (chunk: string) => (text += chunk)).on('error', () => {})
    socket.end(['GET / HTTP/1.1', 'Host: h', 'Connection: close', ...lines, '', ''].join('\r\n'))
    await new Promise((resolve) => socket.once('close', resolve))
    return text
  }
  return { ask, key, peer, clock, told }
}

t.test('only the key opens, and no part of it', async (t) => {
  const { ask, key } = await guarded(t)
  t.match(await ask(`Authorization: Bearer ${key}`), /^HTTP\/1\.1 200 .*in$/s)
  const wrong = ['', key, `Bearer ${key.slice(0, -1)}`, `Bearer ${key}=`, `Basic ${key}`, 'Bearer ']
  for (const value of wrong) {
    const answer = await ask(`Authorization: ${value}`)
    t.match(answer, /^HTTP\/1\.1 403 Forbidden\r\n/, value)
    t.match(answer, /\r\n\r\n$/, 'nothing more is said')
  }
  t.match(await ask(), /^HTTP\/1\.1 403 /)
})

t.test('another account gets no answer at all, whatever it shows', async (t) => {
  const { ask, key, peer } = await guarded(t)
  peer.uid = 1000
  t.equal(await ask(`Authorization: Bearer ${key}`), '')
  peer.uid = 0
  t.match(await ask(`Authorization: Bearer ${key}`), /^HTTP\/1\.1 200 /)
})

t.test('who is refused is told once a minute, with how many there were', async (t) => {
  const { ask, peer, clock, told } = await guarded(t)
  peer.uid = 1000
  for (let again = 0; again < 4; again++) await ask()
  t.match(told, [{ peer: { uid: 1000 }, refused: 1 }])
  clock.ms = 59_999
  await ask()
  t.equal(told.length, 1)
  clock.ms = 60_000
  await ask()
  t.match(told[1], { refused: 5 })
})
