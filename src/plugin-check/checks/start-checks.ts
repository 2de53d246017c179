import { z } from 'zod'
import { PLUGIN_ERROR } from '../../launcher/plugin-error.ts'
import { encodeFrame } from '../../launcher/frames.ts'
import { API_VERSION, REQUEST, RESPONSE } from '../../launcher/protocol.ts'
import { clusterInfoAnswer } from '../answers.ts'
import type { Check } from '../check.ts'
import { answerOf, expectError } from '../message.ts'
import { expect } from '../verdict.ts'

const version = z.looseObject({
  messageType: z.literal(RESPONSE.bootstrap),
  version: z.looseObject({ major: z.int(), minor: z.int(), patch: z.int() }),
})

/** How a plugin begins, and what it says of itself. */
export const startChecks: readonly Check[] = [
  {
    name: 'bootstrap',
    behaviour: 'answers the bootstrap request with the version that it speaks',
    says: 'Answer 1 carries `version` with major, minor and patch; major is that of the Launcher.',
    async run({ bench }) {
      const plugin = bench.started(bench.newPlace())
      const question = { messageType: REQUEST.bootstrap, version: API_VERSION }
      const answer = await plugin.ask(question, 'the bootstrap request')
      const { major } = answerOf(answer, version, 'a bootstrap answer').version
      expect(major === API_VERSION.major, `It speaks version ${major}, not ${API_VERSION.major}.`)
      await plugin.kill()
    },
  },
  {
    name: 'bootstrap-version',
    behaviour: 'refuses a Launcher with another major version',
    says: 'A bootstrap request with another major version is answered with error 10.',
    async run({ bench }) {
      const plugin = bench.started(bench.newPlace())
      const other = { major: API_VERSION.major + 96, minor: 0, patch: 0 }
      const question = { messageType: REQUEST.bootstrap, version: other }
      const answer = await plugin.ask(question, 'a bootstrap request of version 99')
      const codes = [PLUGIN_ERROR.unsupportedVersion]
      expectError(answer, codes, 'a bootstrap request of version 99')
      await plugin.kill()
    },
  },
  {
    name: 'heartbeat',
    behaviour: 'answers heartbeats',
    says: 'A heartbeat has message type 0 and request id 0, and so has its answer. A silent plugin is started again.',
    async run({ plugin }) {
      const heartbeats = () => plugin.said.filter(({ messageType }) => messageType === 0)
      const before = heartbeats().length
      for (const count of [1, 2, 3]) {
        plugin.sendBytes(encodeFrame({ messageType: REQUEST.heartbeat, requestId: 0 }))
        await plugin.until(
          () => heartbeats().length >= before + count || undefined,
          'an answer to a heartbeat',
        )
      }
      const all = heartbeats()
      expect(
        all.every(({ requestId }) => requestId === 0),
        'A heartbeat is answered with a request id.',
      )
    },
  },
  {
    name: 'cluster-info',
    behaviour: 'tells what its cluster can do',
    says: 'Answer 8 names containers, images, queues, limits (each with a type), profiles, constraints and settings.',
    async run({ bench, plugin }) {
      const user = { username: bench.user, requestUsername: bench.user }
      const question = { messageType: REQUEST.clusterInfo, ...user }
      const answer = await plugin.ask(question, 'the question for the cluster')
      const info = answerOf(answer, clusterInfoAnswer, 'what a cluster can do')
      const { queues = [], defaultQueue = '', images = [], defaultImage = '' } = info
      expect(
        defaultQueue === '' || queues.includes(defaultQueue),
        `The default queue ${defaultQueue} is none of its queues.`,
      )
      expect(
        defaultImage === '' || info.allowUnknownImages || images.includes(defaultImage),
        `The default image ${defaultImage} is none of its images.`,
      )
    },
  },
]
