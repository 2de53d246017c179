import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { connect } from 'node:net'
import { homedir } from 'node:os'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { dataDirectory } from '../fixtures/atelier.ts'
import { database } from '../fixtures/database.ts'
import { heldSocket, inheriting } from '../fixtures/held-socket.ts'

const script = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url))

t.test('no restart of a node whose socket is held by another refuses a connection', async (t) => {
  const start = await nodeStarter(t)
  const socket = await heldSocket(t)
  let node = start(socket.fd)
  t.match(await ask(socket.port).answer, /^HTTP\/1\.1 200 /)

  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    node.kill(signal)
    await once(node, 'exit')
    let answered = 0
    const waiting = Array.from({ length: 20 }, () => ask(socket.port))
    for (const { answer } of waiting) void answer.then(() => answered++)
    await Promise.all(waiting.map(({ connected }) => connected))
    t.equal(answered, 0, 'they wait, as there is nobody to answer')
    node = start(socket.fd)
    const answers = await Promise.all(waiting.map(({ answer }) => answer))
    for (const answer of answers) t.match(answer, /^HTTP\/1\.1 200 /, signal)
  }
})

t.test('what cannot be listened on is said in a sentence', async (t) => {
  const start = await nodeStarter(t)
  const file = openSync('/dev/null', 'r')
  t.teardown(() => closeSync(file))
  const cases: [count: number, says: RegExp][] = [
    [1, /The inherited descriptor 3 is no listening TCP socket\./],
    [2, /2 sockets are handed over, and a node listens on one\./],
  ]
  for (const [count, says] of cases) {
    const node = start(file, count)
    const said = node.stderr ? text(node.stderr) : ''
    t.strictSame(await once(node, 'exit'), [1, null])
    t.match(await said, says)
  }
})

/** Starts nodes as systemd does, with a descriptor from 3 on, on a database of their own. */
async function nodeStarter(t: Test): Promise<(fd: number, count?: number) => ChildProcess> {
  const { url } = await database(t)
  const settings = [
    `data.directory="${await dataDirectory(t)}"`,
    `database.url=${url}`,
    'launcher.user=nobody',
    // Where it would listen without the socket.
    'server.port=1',
  ].flatMap((setting) => ['--set', setting])
  return (fd, count = 1) => {
    const unit = inheriting([process.execPath, script, 'node', ...settings], count)
    const [program = '', ...args] = unit.command
    const child = spawn(program, args, {
      stdio: ['ignore', 'ignore', 'pipe', fd],
      env: { PATH: process.env['PATH'], HOME: homedir(), ...unit.environment },
    })
    child.stderr?.resume()
    t.teardown(() => void child.kill('SIGKILL'))
    return child
  }
}

/** Connects and asks how the node is; `connected` is settled by the kernel, whoever accepts. */
function ask(port: number): { connected: Promise<unknown>; answer: Promise<string> } {
  const socket = connect(port, '127.0.0.1')
  socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  return { connected: once(socket, 'connect'), answer: text(socket) }
}
