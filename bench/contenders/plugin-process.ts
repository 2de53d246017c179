// A process of its own: @fastify/http-proxy as its documentation shows it, with its own path for WebSockets.
import httpProxy from '@fastify/http-proxy'
import Fastify from 'fastify'

const [, , ports = '{}'] = process.argv
const app = Fastify({ logger: false })
for (const [id, port] of Object.entries(JSON.parse(ports) as Record<string, number>)) {
  await app.register(httpProxy, {
    upstream: `http://127.0.0.1:${port}`,
    prefix: `/s/${id}`,
    rewritePrefix: `/s/${id}`,
    websocket: true,
    disableRequestLogging: true,
  })
}
const address = await app.listen({ host: '127.0.0.1', port: 0 })
process.send?.({ port: Number(new URL(address).port) })
process.once('disconnect', () => process.exit())
