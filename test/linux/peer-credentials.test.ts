import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { geteuid, getegid, pid } from 'node:process'
import t from 'tap'
import { peerCredentialsReader } from '../../src/linux/peer-credentials.ts'

t.test('the kernel tells who is at the other end of a unix socket', async (t) => {
  const server = createServer().listen(join(t.testdir(), 's'))
  await once(server, 'listening')
  const client = connect(join(t.testdirName, 's'))
  const [socket] = (await once(server, 'connection')) as [Socket]
  const read = peerCredentialsReader()
  t.strictSame(read(socket), { pid, uid: geteuid?.(), gid: getegid?.() })
  client.destroy()
  socket.destroy()
  t.throws(() => read(socket), /closed/)
  server.close()
})
