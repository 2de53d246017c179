import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/**
 * Opens a WebSocket by hand and answers its socket: a library on this side would cost more than the proxies that are to
 * be measured. Throws unless the answer is 101.
 */
export async function openWebSocket(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true)
  const host = `127.0.0.1:${port}`
  const lines = Object.entries({
    host,
    origin: `http://${host}`,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}`)
  await once(socket, 'connect')
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
  let answer = ''
  while (!answer.includes('\r\n\r\n')) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    answer += chunk.toString('latin1')
  }
  socket.pause()
  if (!answer.startsWith('HTTP/1.1 101 ')) {
    socket.destroy()
    throw new Error(`no WebSocket: ${answer.split('\r\n')[0]}`)
  }
  return socket
}
