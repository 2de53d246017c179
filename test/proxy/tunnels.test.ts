import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { WebSocket } from 'ws'
import { session, stage, until } from './stage.ts'
import { begin, browse, rawIde, webSocketIde } from './web-sockets.ts'

t.test('nothing is forwarded before the 101, and all of it in order after', async (t) => {
  let agree: (() => void) | undefined
  let seen = ''
  const ide = await rawIde(t, (socket) => {
    socket.on('data', (chunk) => (seen += chunk.toString('latin1')))
    agree = () => {
      socket.write('HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello')
    }
  })
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  const { socket, got } = begin(port, '/s/one/ws', 'first ')
  socket.write('second ')
  await until('the IDE is asked', () => seen.includes('\r\n\r\n'))
  await delay(100)
  t.ok(seen.endsWith('\r\n\r\n'), 'no more than the request')
  agree?.()
  await until('the browser is answered', () => got.text.endsWith('hello'))
  t.match(got.text, /^HTTP\/1.1 101 /)
  socket.write('third')
  await until('all is there', () => seen.endsWith('\r\n\r\nfirst second third'))
  socket.destroy()
})

t.test('a side that stops reading stops the other, in both directions', async (t) => {
  const MIB = 1024 * 1024
  const sent = { ide: 0, browser: 0 }
  const pour = (socket: Socket, side: keyof typeof sent) => {
    const chunk = Buffer.alloc(MIB, 'x')
    const more = () => {
      while (sent[side] < 300 && !socket.destroyed) {
        sent[side] += 1
        if (!socket.write(chunk)) return
      }
    }
    socket.on('drain', more)
    more()
  }
  let end: Socket | undefined
  const ide = await rawIde(t, (socket) => {
    socket.once('data', () => {
      socket.pause()
      socket.write('HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
      end = socket
    })
  })
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  const { socket, got } = begin(port)
  await until('the tunnel is open', () => got.text.endsWith('\r\n\r\n'))
  socket.removeAllListeners('data')
  socket.pause()
  if (end) pour(end, 'ide')
  pour(socket, 'browser')
  let before = -1
  while (before !== sent.ide + sent.browser) {
    before = sent.ide + sent.browser
    await delay(300)
  }
  t.ok(sent.ide < 30, `the IDE could send ${sent.ide} MiB`)
  t.ok(sent.browser < 30, `the browser could send ${sent.browser} MiB`)
  let bytes = 0
  socket.on('data', (chunk) => (bytes += chunk.length))
  socket.resume()
  end?.resume()
  await until('the browser has it all', () => bytes === 300 * MIB)
  socket.destroy()
  await until('the IDE is left', () => ide.open.size === 0)
})

t.test('both sockets close together, however one goes', async (t) => {
  const ide = await webSocketIde(t)
  const sessions = [session('one', ide.path)]
  const upgradeTimes = { handshakeMs: 30_000, lingerMs: 100 }
  const { port, server } = await stage(t, { sessions, upgradeTimes })
  const browsers: Socket[] = []
  for (let i = 0; i < 200; i++) browsers.push(begin(port).socket)
  await until('all are open', () => ide.requests.length === 200)
  for (const [i, end] of [...ide.webSockets.clients].entries()) if (i % 4 === 0) end.terminate()
  for (const [i, socket] of browsers.entries()) {
    if (i % 3 === 0) socket.resetAndDestroy()
    else if (i % 3 === 1) socket.destroy()
    else socket.end()
  }
  await until('no connection to the IDE is left', () => ide.sockets.size === 0)
  let open = -1
  await until('no connection of a browser is left', () => {
    server.getConnections((_error, count) => (open = count))
    return open === 0
  })
})

t.test('a half-open side is closed after a while', async (t) => {
  const agree = (socket: Socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    })
  }
  const ide = await rawIde(t, agree, true)
  const upgradeTimes = { handshakeMs: 30_000, lingerMs: 100 }
  const { port } = await stage(t, { sessions: [session('one', ide.path)], upgradeTimes })
  const { socket, got } = begin(port)
  await until('the tunnel is open', () => got.text.endsWith('\r\n\r\n'))
  socket.end()
  await once(socket, 'close')
})

t.test('a session that ends closes its tunnels and no others', async (t) => {
  const ide = await webSocketIde(t)
  const sessions = [session('one', ide.path), session('two', ide.path)]
  const { plane, port } = await stage(t, { sessions })
  const one = browse(port, '/s/one/ws')
  const two = browse(port, '/s/two/ws')
  await until('both are open', () => one.readyState + two.readyState === 2 * WebSocket.OPEN)
  plane.closeSession('one')
  await once(one, 'close')
  await until('one connection to the IDE is left', () => ide.sockets.size === 1)
  t.equal(two.readyState, WebSocket.OPEN)
})
