import { setImmediate } from 'node:timers/promises'
import { PLUGIN_ERROR } from '../../launcher/plugin-error.ts'
import { encodeFrame, MAX_MESSAGE_BYTES } from '../../launcher/frames.ts'
import { REQUEST } from '../../launcher/protocol.ts'
import { clusterInfoAnswer, jobsAnswer } from '../answers.ts'
import type { Check, CheckParts } from '../check.ts'
import type { Conversation } from '../conversation.ts'
import { answerOf, errorIn, expectError } from '../message.ts'
import { expectOrder } from '../order.ts'
import { expect, NotSupported } from '../verdict.ts'

const UNKNOWN_TYPE = 999
const MANY = 200
const MEBIBYTE = 1_048_576

/** How a plugin takes what it does not expect. */
export const faultChecks: readonly Check[] = [
  {
    name: 'unknown-message',
    behaviour: 'refuses a message of a type that it does not know, and lives on',
    says: 'A request that a plugin does not know is error 1 or 2: a newer Launcher may send it.',
    async run({ bench }) {
      const plugin = await bench.bootstrapped(bench.newPlace())
      const requestId = plugin.send({ messageType: UNKNOWN_TYPE })
      const what = 'an answer to a message of an unknown type'
      const answer = await plugin.until(() => plugin.answers(requestId)[0] ?? plugin.ending, what)
      if (typeof answer === 'string') {
        // As plugins with Posit's Go SDK do.
        throw new NotSupported(`It ends (${answer}); the Launcher has to start it again.`)
      }
      const codes = [PLUGIN_ERROR.notSupported, PLUGIN_ERROR.invalidRequest]
      expectError(answer, codes, 'a message of an unknown type')
      await expectAlive(plugin)
      await plugin.kill()
    },
  },
  {
    name: 'unknown-fields',
    behaviour: 'does not mind fields that it does not know',
    says: 'A newer Launcher may send more fields.',
    async run({ bench, plugin, jobs }) {
      const tags = [`${bench.mark}-fields-unknown`]
      const more = { tags, fieldOfTomorrow: { of: ['things'] } }
      const { id } = await jobs.submit('exit 0', more)
      const answer = await jobs.ask(REQUEST.get, '*', more)
      const { jobs: told } = answerOf(answer, jobsAnswer, 'a list of jobs')
      expect(
        told.some((job) => job.id === id),
        'The job is not in the list.',
      )
      await expectAlive(plugin)
    },
  },
  {
    name: 'split-frames',
    behaviour: 'reads messages in whatever pieces they come',
    says: 'A message is four bytes of length, big-endian, and JSON; a pipe cuts where it wants.',
    async run({ bench, plugin }) {
      const user = { username: bench.user, requestUsername: bench.user }
      const question = { messageType: REQUEST.clusterInfo, ...user }
      const slow = plugin.prepare(question)
      for (const byte of slow.frame) {
        plugin.sendBytes(Buffer.from([byte]))
        await setImmediate()
      }
      const first = await plugin.until(
        () => plugin.answers(slow.requestId)[0],
        'an answer to a message in single bytes',
      )
      answerOf(first, clusterInfoAnswer, 'what the cluster can do')
      const three = [question, question, question].map((each) => plugin.prepare(each))
      plugin.sendBytes(Buffer.concat(three.map(({ frame }) => frame)))
      for (const { requestId } of three) {
        await plugin.until(
          () => plugin.answers(requestId)[0],
          'an answer to each of three messages in one piece',
        )
      }
    },
  },
  {
    name: 'malformed-json',
    behaviour: 'ends or answers when a message is no JSON',
    says: 'Such a Launcher is lost: the plugin may end, and must not hang.',
    async run(parts) {
      const body = Buffer.from('{"messageType": 3, "requestId": ')
      const frame = Buffer.alloc(4 + body.length)
      frame.writeUInt32BE(body.length)
      body.copy(frame, 4)
      await expectEndOrLife(parts, frame, 'a message that is no JSON')
    },
  },
  {
    name: 'no-request',
    behaviour: 'ends or answers when a message is no request',
    says: 'JSON without a message type or a request id is no request; the plugin must not hang.',
    async run(parts) {
      await expectEndOrLife(parts, encodeFrame({ hello: 'world' }), 'a message that is no request')
    },
  },
  {
    name: 'oversized-frame',
    behaviour: 'ends or answers when a message is too long',
    says: 'A message has 5 MiB at most. The plugin must not wait for the rest of a longer one, nor take memory for it.',
    async run(parts) {
      const header = Buffer.alloc(8)
      header.writeUInt32BE(MAX_MESSAGE_BYTES * 100)
      await expectEndOrLife(parts, header, 'a message that is too long')
    },
  },
  {
    name: 'large-message',
    behaviour: 'reads a large message',
    says: 'A message may have up to 5 MiB.',
    async run({ plugin, jobs }) {
      const metadata = { text: 'x'.repeat(4 * MEBIBYTE) }
      const answer = await plugin.ask(
        jobs.submission('exit 0', { metadata, tags: [] }),
        'a submission of 4 MiB',
      )
      // A plugin may keep less than that.
      if (errorIn(answer) === undefined) jobs.accepted(answer)
      await expectAlive(plugin)
    },
  },
  {
    name: 'many-requests',
    behaviour: 'answers many requests at once, each once',
    says: 'The Launcher waits for no answer before it sends the next request.',
    async run({ bench, plugin, jobs }) {
      const tags = [`${bench.mark}-many`]
      const submissions = Array.from({ length: 10 }, () =>
        plugin.send(jobs.submission('exit 0', { tags })),
      )
      const others = Array.from({ length: MANY }, (_, index) =>
        index % 2 === 0
          ? plugin.send(jobs.about(REQUEST.get, '*', { tags }))
          : plugin.send(jobs.about(REQUEST.clusterInfo, '*')),
      )
      const all = [...submissions, ...others]
      await plugin.until(
        () => all.every((id) => plugin.answers(id).length > 0) || undefined,
        `an answer to each of ${all.length} requests`,
      )
      const accepted = submissions.flatMap((id) =>
        plugin.answers(id).map((one) => jobs.accepted(one)),
      )
      const ids = new Set(accepted.map(({ id }) => id))
      expect(ids.size === submissions.length, 'Not each of ten submissions is a job of its own.')
      for (const id of ids) await jobs.final(id)
    },
  },
  {
    name: 'answers',
    behaviour: 'answers each request once, and numbers its answers',
    says: '`requestId` is that of the request, `responseId` counts what the plugin says; 0 for errors and what is unasked.',
    async run({ bench }) {
      for (const each of bench.conversations) expectOrder(each)
    },
  },
]

/** Fails unless the plugin answers a question now. */
async function expectAlive(plugin: Conversation): Promise<void> {
  const user = { username: '*', requestUsername: '*' }
  const question = { messageType: REQUEST.get, ...user, jobId: '*', encodedJobId: '*' }
  answerOf(await plugin.ask(question, 'a question afterwards'), jobsAnswer, 'a list of jobs')
}

/** Fails unless a plugin that is sent this ends in time, or answers something afterwards. */
async function expectEndOrLife({ bench }: CheckParts, bytes: Buffer, what: string): Promise<void> {
  const plugin = await bench.bootstrapped(bench.newPlace())
  plugin.sendBytes(bytes)
  const user = { username: '*', requestUsername: '*' }
  const question = { messageType: REQUEST.get, ...user, jobId: '*', encodedJobId: '*' }
  const requestId = plugin.send(question)
  const said = plugin.said.length
  await plugin.until(() => {
    const hasAnswered = plugin.answers(requestId).length > 0 || plugin.said.length > said
    return hasAnswered || plugin.ending !== undefined || undefined
  }, `an end or an answer after ${what}`)
  await plugin.kill()
}
