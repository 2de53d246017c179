import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { systemCode } from '../../src/errors.ts'
import { dataDirectory } from '../fixtures/atelier.ts'
import { until } from '../fixtures/until.ts'
import { ask, session, stage } from './stage.ts'
import { browse } from './web-sockets.ts'

t.test('an IDE before which more wait than its line is long answers all of them', async (t) => {
  const directory = t.testdir({
    'ide.mjs': `
      import { createServer } from 'node:http'
      import { createHash } from 'node:crypto'
      const server = createServer((_request, response) => response.end('hello'))
      server.on('upgrade', ({ headers }, socket) => {
        const key = headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
        const accept = createHash('sha1').update(key).digest('base64')
        socket.write('HTTP/1.1 101 x\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n')
        socket.write('Sec-WebSocket-Accept: ' + accept + '\\r\\n\\r\\n')
      })
      server.listen({ path: process.argv[2], backlog: 2 }, () => process.send('listening'))`,
  })
  const path = join(await dataDirectory(t), 'ide.sock')
  const ide = fork(join(directory, 'ide.mjs'), [path])
  t.teardown(() => void ide.kill('SIGKILL'))
  await once(ide, 'message')
  const { port, logged } = await stage(t, { sessions: [session('one', path)] })

  ide.kill('SIGSTOP')
  const answers = Array.from({ length: 20 }, () => ask(port, '/s/one/'))
  const sockets = Array.from({ length: 10 }, () => browse(port, '/s/one/ws'))
  const opened = sockets.map((socket) => once(socket, 'open'))
  await until(() => isFull(path))
  ide.kill('SIGCONT')
  for (const { status } of await Promise.all(answers)) t.equal(status, 200)
  await Promise.all(opened)
  t.same(logged, [])
  for (const socket of sockets) socket.terminate()
})

/** True if nobody may wait any more to be accepted. */
async function isFull(path: string): Promise<boolean> {
  const probe = connect(path)
  try {
    await once(probe, 'connect')
    return false
  } catch (error) {
    return systemCode(error) === 'EAGAIN'
  } finally {
    probe.destroy()
  }
}
