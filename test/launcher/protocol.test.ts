import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import {
  encodeFrame,
  FrameDecoder,
  MAX_MESSAGE_BYTES,
  ProtocolError,
} from '../../src/launcher/frames.ts'
import { REQUEST } from '../../src/launcher/protocol.ts'
import { JOB_OPERATIONS, JOB_STATUSES } from '../../src/launcher/job.ts'
import { reportedJob, request } from '../../src/launcher/protocol-schemas.ts'

function frame(body: string, length = Buffer.byteLength(body)): Buffer {
  const header = Buffer.alloc(4)
  header.writeUInt32BE(length)
  return Buffer.concat([header, Buffer.from(body)])
}

t.test('messages survive every way of cutting their bytes into chunks', async () => {
  const messages = fc.array(fc.record({ text: fc.string({ unit: 'grapheme' }), n: fc.integer() }))
  fc.assert(
    fc.property(messages, fc.array(fc.integer({ min: 1, max: 40 })), (sent, cuts) => {
      const bytes = Buffer.concat(sent.map((each) => encodeFrame(each)))
      const decoder = new FrameDecoder()
      const received: unknown[] = []
      let begin = 0
      for (let turn = 0; begin < bytes.length; turn++) {
        const end = begin + (cuts[turn % (cuts.length || 1)] ?? bytes.length)
        received.push(...decoder.decode(bytes.subarray(begin, end)))
        begin = end
      }
      return JSON.stringify(received) === JSON.stringify(sent)
    }),
  )
})

t.test('bytes that are not the protocol are refused with a reason', async (t) => {
  const cases: [name: string, bytes: Buffer, reason: RegExp][] = [
    ['an empty frame', frame(''), /empty/],
    ['a length above the limit', frame('', MAX_MESSAGE_BYTES + 1), /more than 5242880/],
    ['text on standard output', Buffer.from('Warning: something\n'), /more than 5242880/],
    ['a frame that is not JSON', frame('{"a":'), /6? ?bytes is not JSON/],
    ['a frame that is cut in a string', frame('"\\u12"'), /not JSON/],
  ]
  for (const [name, bytes, reason] of cases) {
    t.throws(() => [...new FrameDecoder().decode(bytes)], { message: reason }, name)
    t.throws(() => [...new FrameDecoder().decode(bytes)], ProtocolError, name)
  }
})

t.test('good messages before a bad one are told first', async (t) => {
  const messages = new FrameDecoder().decode(Buffer.concat([encodeFrame({ a: 1 }), frame('no')]))
  t.same(messages.next().value, { a: 1 })
  t.throws(() => messages.next(), ProtocolError)
})

t.test('a message of the largest size passes, a larger one is not sent', async (t) => {
  const largest = { s: 'x'.repeat(MAX_MESSAGE_BYTES - '{"s":""}'.length) }
  t.same([...new FrameDecoder().decode(encodeFrame(largest))], [largest])
  t.throws(() => encodeFrame({ s: `${largest.s}x` }), ProtocolError)
})

t.test(
  'a job is the same after a plugin has told it, also if it leaves out what is empty',
  async () => {
    const text = fc.string({ unit: 'binary' })
    const number = fc.option(fc.integer())
    const job = fc.record(
      {
        id: fc.string({ minLength: 1 }),
        cluster: text,
        name: text,
        user: text,
        status: fc.constantFrom(...JOB_STATUSES),
        statusMessage: text,
        exitCode: number,
        pid: number,
        host: text,
        tags: fc.array(text),
        submissionTime: text,
        lastUpdateTime: text,
      },
      { noNullPrototype: true },
    )
    fc.assert(
      fc.property(job, (told) => {
        const full = Object.entries(told).filter(([, value]) => value !== '' && value !== null)
        const sparse = Object.fromEntries(
          full.filter(([, value]) => !(Array.isArray(value) && value.length === 0)),
        )
        for (const each of [told, sparse]) assert.deepEqual(reportedJob.parse(each), told)
      }),
    )
  },
)

t.test('whatever a message says, it is a request of the protocol or it is refused', async () => {
  const field = fc.oneof(fc.jsonValue(), fc.integer({ min: -2, max: 12 }), fc.constant('job'))
  const message = fc.record(
    {
      messageType: field,
      requestId: field,
      username: field,
      requestUsername: field,
      jobId: field,
      operation: field,
      version: field,
      job: fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom('exe', 'args', 'tags'), field)),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), message), (value) => {
      const read = request.safeParse(value)
      if (!read.success) return
      assert.ok(Object.values(REQUEST).includes(read.data.messageType))
      assert.ok(Number.isSafeInteger(read.data.requestId) && read.data.requestId >= 0)
      if ('operation' in read.data) assert.ok(read.data.operation in JOB_OPERATIONS)
      assert.deepEqual(request.parse(read.data), read.data, 'and read again it is the same')
    }),
    { numRuns: 1000 },
  )
})
