import { PassThrough } from 'node:stream'
import type { Socket } from 'node:net'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { EarlyBytes } from '../../src/proxy/handshake.ts'

t.test(
  'what a browser sends early is handed over whole and in order, however it comes',
  async () => {
    const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 10 })
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 20 }), chunks, async (head, sent) => {
        const socket = new PassThrough()
        let left = 0
        const early = new EarlyBytes({
          socket: socket as unknown as Socket,
          head: Buffer.from(head),
          onLeft: () => (left += 1),
        })
        early.start()
        for (const chunk of sent) socket.write(Buffer.from(chunk))
        await new Promise((resolve) => setImmediate(resolve))
        const taken = Buffer.concat(early.finish())
        socket.destroy()
        assert.equal(left, 0)
        // What was not read stays with the socket for the tunnel.
        const all = Buffer.concat([head, ...sent])
        assert.ok(taken.equals(all.subarray(0, taken.length)))
        assert.equal(taken.length, all.length)
      }),
    )
  },
)
