import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { request as httpRequest } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { ask, session, stage, until, upstream } from './stage.ts'

const MIB = 1024 * 1024
const LARGE = 300 * MIB
/** What may be on its way when one side does not read: buffers of four sockets and three streams, with room to spare. */
const ON_THE_WAY = 30 * MIB

const chunk = randomBytes(MIB)

/** `bytes` bytes, that count themselves as they are taken. */
function source(bytes: number) {
  const taken = { bytes: 0 }
  const stream = new Readable({
    read() {
      if (taken.bytes >= bytes) {
        this.push(null)
        return
      }
      taken.bytes += chunk.length
      this.push(chunk)
    },
  })
  return { taken, stream }
}

/** Resolves when the number has not grown for a while. */
async function settled(count: { readonly bytes: number }): Promise<void> {
  let before = -1
  while (before !== count.bytes || before === 0) {
    before = count.bytes
    await delay(300)
  }
}

/** The most memory that the process had beyond its present amount, while `work` ran; in bytes. */
async function memoryDuring(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage().rss
  let most = before
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20)
  await work()
  clearInterval(timer)
  return most - before
}

t.test('a body of any or no content type passes untouched', async (t) => {
  const ide = await upstream(t)
  const hashes: string[] = []
  ide.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const hash = createHash('sha256')
    request.on('data', (part: Buffer) => hash.update(part))
    request.on('end', () => {
      hashes.push(hash.digest('hex'))
      response.end(request.headers['content-type'])
    })
  })
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  const body = randomBytes(9 * MIB)
  const hash = createHash('sha256').update(body).digest('hex')
  const types = [
    'text/plain',
    'text/plain; charset=utf-8',
    'application/json',
    ';;nonsense',
    'x',
    '',
  ]
  for (const type of types) {
    for (const framing of [
      { 'content-length': `${body.length}` },
      { 'transfer-encoding': 'chunked' },
    ]) {
      const headers = { ...framing, ...(type ? { 'content-type': type } : {}) }
      const seen = await ask(port, '/s/one/up', { method: 'POST', headers, body })
      t.equal(seen.status, 200)
      t.equal(String(seen.body), type)
      t.equal(hashes.pop(), hash, type)
    }
  }
})

t.test('a body as large as it likes takes no memory, in both directions', async (t) => {
  const ide = await upstream(t)
  ide.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    let bytes = 0
    request.on('data', (part: Buffer) => (bytes += part.length))
    request.on('end', () => {
      response.setHeader('x-bytes', bytes)
      if (request.method === 'GET') source(LARGE).stream.pipe(response)
      else response.end()
    })
  })
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  const down = await memoryDuring(async () => {
    const request = httpRequest({ port, path: '/s/one/big' }).end()
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    let bytes = 0
    for await (const part of response) bytes += (part as Buffer).length
    t.equal(bytes, LARGE)
  })
  t.ok(down < 150 * MIB, `${down} bytes more for a download`)
  const up = await memoryDuring(async () => {
    const request = httpRequest({ port, path: '/s/one/big', method: 'POST' })
    const answer = once(request, 'response') as Promise<[IncomingMessage]>
    await pipeline(source(LARGE).stream, request)
    const [response] = await answer
    response.resume()
    t.equal(response.headers['x-bytes'], `${LARGE}`)
  })
  t.ok(up < 150 * MIB, `${up} bytes more for an upload`)
})

t.test('a browser that stops reading stops the IDE, and goes on where it stopped', async (t) => {
  const ide = await upstream(t)
  const { taken, stream } = source(LARGE)
  ide.server.on('request', (_request, response: ServerResponse) => void stream.pipe(response))
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  const request = httpRequest({ port, path: '/s/one/big' }).end()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  await settled(taken)
  t.ok(taken.bytes < ON_THE_WAY, `${taken.bytes} bytes were taken`)
  let bytes = 0
  for await (const part of response) bytes += (part as Buffer).length
  t.equal(bytes, LARGE)
})

t.test('an IDE that stops reading stops the browser', async (t) => {
  const ide = await upstream(t)
  let asked: IncomingMessage | undefined
  ide.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    asked = request
    request.on('end', () => response.end('all'))
  })
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  const { taken, stream } = source(100 * MIB)
  const request = httpRequest({ port, path: '/s/one/up', method: 'PUT' })
  stream.pipe(request)
  await settled(taken)
  t.ok(taken.bytes < ON_THE_WAY, `${taken.bytes} bytes were taken`)
  asked?.resume()
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  t.equal(String(await response.toArray()), 'all')
})

t.test('a browser that leaves in the middle of a body is let go by the IDE', async (t) => {
  const ide = await upstream(t)
  let left = 0
  ide.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    request.resume()
    response.on('close', () => (left += 1))
    if (request.method === 'GET') source(LARGE).stream.pipe(response)
  })
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  const download = httpRequest({ port, path: '/s/one/big' }).end()
  const [response] = (await once(download, 'response')) as [IncomingMessage]
  await once(response, 'data')
  response.destroy()
  await until('the IDE is left by the download', () => left === 1)
  const upload = httpRequest({ port, path: '/s/one/up', method: 'PUT' })
  upload.on('error', () => {})
  upload.write(chunk)
  await once(ide.server, 'request')
  upload.destroy()
  await until('the IDE is left by the upload', () => left === 2)
})

t.test('an IDE that refuses a large upload early is heard', async (t) => {
  const ide = await upstream(t)
  ide.server.on('request', (_request, response: ServerResponse) => {
    response.writeHead(413).end(chunk)
  })
  const { port } = await stage(t, { sessions: [session('one', ide.path)] })
  for (let i = 0; i < 20; i++) {
    const upload = httpRequest({ port, path: '/s/one/up', method: 'PUT' })
    upload.on('error', () => {})
    const { stream } = source(LARGE)
    stream.pipe(upload)
    const [response] = (await once(upload, 'response')) as [IncomingMessage]
    t.equal(response.statusCode, 413)
    t.equal(response.headers.connection, 'close')
    t.ok(Buffer.concat((await response.toArray()) as Buffer[]).equals(chunk))
    upload.destroy()
  }
})
