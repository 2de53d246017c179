import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { geteuid, getegid, pid } from 'node:process'
import t from 'tap'
import { peerCredentialsReader } from '../../src/linux/peer-credentials.ts'

t.test('the kernel tells who is at the other end of a unix socket', async (t) => {
  // Not in t.testdir(), whose path may be too long for a socket.
  const directory = await mkdtemp(join(tmpdir(), 'peer-'))
  t.teardown(() => rm(directory, { recursive: true }))
  const path = join(directory, 'socket')
  const server = createServer().listen(path)
  await once(server, 'listening')
  const client = connect(path)
  const [socket] = (await once(server, 'connection')) as [Socket]
  const read = peerCredentialsReader()
  t.strictSame(read(socket), { pid, uid: geteuid?.(), gid: getegid?.() })
  client.destroy()
  socket.destroy()
  t.throws(() => read(socket), /closed/)
  server.close()
})
