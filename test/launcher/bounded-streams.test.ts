import { PassThrough, Writable } from 'node:stream'
import t from 'tap'
import { AnswerQueue } from '../../src/launcher/answer-stream.ts'
import { PluginInput } from '../../src/launcher/plugin-input.ts'

const MEGABYTE = 1_048_576
const large = { text: 'x'.repeat(4 * MEGABYTE) }

t.test('a plugin that reads nothing is sent only so much', async (t) => {
  const stream = new Writable({ write() {} })
  const input = new PluginInput({ stream, maximum: 5 * MEGABYTE })
  t.equal(input.stalled, 0)
  t.throws(
    () => {
      for (let sent = 0; sent < 100; sent++) input.send(large)
    },
    { message: /does not read/ },
  )
  t.ok(stream.writableLength < 25 * MEGABYTE, `${stream.writableLength} bytes wait`)
  const before = stream.writableLength
  input.beat()
  t.equal(stream.writableLength, before, 'nor a heartbeat')
  input.tell({ cancel: true })
  t.ok(stream.writableLength > before, 'but what must be said')
})

t.test('a plugin that reads is sent everything, and does not count as stalled', async (t) => {
  const stream = new PassThrough()
  stream.resume()
  const input = new PluginInput({ stream, maximum: 5 * MEGABYTE })
  for (let sent = 0; sent < 20; sent++) {
    input.send(large)
    await new Promise(setImmediate)
  }
  t.equal(input.stalled, 0)
  t.throws(() => input.send({ text: 'x'.repeat(6 * MEGABYTE) }), { message: /too large/ })
})

t.test('answers that nobody reads are given up by their number, and by their size', async (t) => {
  for (const [count, bytes] of [
    [501, 1],
    [5, 4 * MEGABYTE],
  ] as const) {
    let ended = false
    const queue = new AnswerQueue<number>(() => (ended = true))
    for (let i = 0; i < count; i++) queue.push(i, bytes)
    await t.rejects(
      async () => {
        for await (const answer of queue.answers) t.type(answer, 'number')
      },
      { message: /too slowly/ },
    )
    t.ok(ended)
  }
})

t.test('answers that are read may be as many as there are', async (t) => {
  const queue = new AnswerQueue<number>(() => {})
  const answers = queue.answers[Symbol.asyncIterator]()
  for (let i = 0; i < 2000; i++) {
    queue.push(i, MEGABYTE)
    if ((await answers.next()).value !== i) t.fail()
  }
  queue.end()
  t.match(await answers.next(), { done: true })
})

t.test('leaving the answers before the first ends them', async (t) => {
  let ended = false
  const queue = new AnswerQueue<number>(() => (ended = true))
  await queue.answers[Symbol.asyncIterator]().return?.()
  await new Promise(setImmediate)
  t.ok(ended)
})
