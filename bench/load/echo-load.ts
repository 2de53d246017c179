import type { Socket } from 'node:net'
import { clientFrame, EchoCounter, serverFrame } from './frames.ts'
import { openWebSocket } from './web-socket.ts'

/** What was measured: how many echoes came in which time, and how long each took. */
export interface EchoResult {
  readonly messages: number
  readonly seconds: number
  readonly latenciesMs: readonly number[]
}

/** Sends a message on each connection, waits for its echo and sends the next, for some time. */
export async function runEcho(options: {
  readonly port: number
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly connections: number
  readonly payloadBytes: number
  readonly seconds: number
}): Promise<EchoResult> {
  const { port, path, headers, connections, payloadBytes, seconds } = options
  const payload = Buffer.alloc(payloadBytes, 'a message of a kernel ')
  const sockets: Socket[] = []
  try {
    for (let index = 0; index < connections; index++) {
      sockets.push(await openWebSocket(port, path, headers))
    }
    const frame = clientFrame(payload)
    const expected = serverFrame(payload)
    const start = performance.now()
    const until = start + seconds * 1000
    const all = await Promise.all(
      sockets.map((socket) => echoUntil(socket, frame, expected, until)),
    )
    const latenciesMs = all.flat()
    return {
      messages: latenciesMs.length,
      latenciesMs,
      seconds: (performance.now() - start) / 1000,
    }
  } finally {
    for (const socket of sockets) socket.destroy()
  }
}

function echoUntil(
  socket: Socket,
  frame: Buffer,
  expected: Buffer,
  until: number,
): Promise<readonly number[]> {
  return new Promise((resolve, reject) => {
    const latencies: number[] = []
    const counter = new EchoCounter(expected)
    let sent = performance.now()
    const send = () => {
      sent = performance.now()
      socket.write(frame)
    }
    socket.on('data', (chunk) => {
      try {
        if (counter.take(chunk) === 0) return
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)))
        return
      }
      const now = performance.now()
      latencies.push(now - sent)
      if (now < until) send()
      else resolve(latencies)
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the WebSocket was closed')))
    socket.resume()
    send()
  })
}
