import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { PLUGIN_ERROR } from '../../launcher/plugin-error.ts'
import { RELOAD_ERROR, REQUEST, RESPONSE } from '../../launcher/protocol.ts'
import { metricsMessage, networkAnswer } from '../answers.ts'
import type { Check } from '../check.ts'
import { answerOf, expectError, type Message } from '../message.ts'
import { expect, NotSupported } from '../verdict.ts'

const nodesAnswer = z.looseObject({ messageType: z.literal(RESPONSE.loadBalancerNodes) })
const reloadAnswer = z.looseObject({
  messageType: z.literal(RESPONSE.configReload),
  errorType: z.int(),
  errorMessage: z.string().default(''),
})

/** Intervals of metrics that are waited for. */
const INTERVALS = 5

/** What else a Launcher asks of a plugin. */
export const serviceChecks: readonly Check[] = [
  {
    name: 'network',
    behaviour: 'tells where a running job can be reached',
    says: 'Answer 7 has `host` and `ipAddresses`.',
    async run({ jobs }) {
      const { id } = await jobs.running()
      answerOf(await jobs.ask(REQUEST.network, id), networkAnswer, 'the network of a job')
    },
  },
  {
    name: 'network-unknown',
    behaviour: 'cannot tell where an unknown job is',
    says: 'A job that is not there is error 3.',
    async run({ jobs }) {
      const answer = await jobs.ask(REQUEST.network, 'no-such-job')
      const what = 'the question for the network of an unknown job'
      expectError(answer, [PLUGIN_ERROR.jobNotFound], what)
    },
  },
  {
    name: 'load-balancer-nodes',
    behaviour: 'takes note of the nodes of a load-balanced Launcher',
    says: 'Request 201 tells all nodes; the answer has the same type and says nothing.',
    async run({ plugin }) {
      const node = { ipv4: '192.0.2.1', port: '5559', lastSeen: new Date().toISOString() }
      const nodes = ['a', 'b'].map((host) => ({ ...node, host, status: 'Online' }))
      const user = { username: '*', requestUsername: '*' }
      for (const some of [nodes, []]) {
        const question = { messageType: REQUEST.loadBalancerNodes, ...user, nodes: some }
        const answer = await plugin.ask(question, 'the nodes of a load-balanced Launcher')
        answerOf(answer, nodesAnswer, 'an answer to the nodes')
      }
    },
  },
  {
    name: 'config-reload',
    behaviour: 'reads its configuration again',
    says: 'Request 202 is answered with `errorType` 0, or with 1, 2 or 3 and a message; -1 is not known why.',
    async run({ plugin }) {
      const user = { username: '*', requestUsername: '*' }
      const question = { messageType: REQUEST.configReload, ...user }
      const answer = await plugin.ask(question, 'a configuration reload')
      const reload = answerOf(answer, reloadAnswer, 'an answer to a configuration reload')
      const { errorType, errorMessage } = reload
      if (errorType > RELOAD_ERROR.save)
        throw new NotSupported(`It answers errorType ${errorType}.`)
      const why = `A configuration that it has started with is refused: ${errorType}, “${errorMessage}”`
      expect(errorType === RELOAD_ERROR.none, why)
    },
  },
  {
    name: 'metrics',
    behaviour: 'reports metrics of itself',
    says: 'Message 203 comes unasked: uptime in seconds, memory in bytes, ten or more buckets of latencies.',
    async run({ bench, plugin, jobs }) {
      await jobs.submit('exit 0')
      const metrics = () => plugin.said.filter((each) => each.messageType === RESPONSE.metrics)
      await Promise.race([
        plugin.until(() => metrics()[0], 'metrics').catch(() => undefined),
        delay(INTERVALS * bench.metricsInterval * 1000),
      ])
      const all = metrics()
      if (all.length === 0) {
        throw new NotSupported(`None came in ${INTERVALS} intervals.`)
      }
      const told = all.map((each: Message) => answerOf(each, metricsMessage, 'metrics'))
      const uptimes = told.map(({ uptimeSeconds }) => uptimeSeconds)
      const grows = uptimes.every((uptime, index) => uptime >= (uptimes[index - 1] ?? 0))
      expect(grows, `Its uptime does not grow: ${uptimes.join(', ')}.`)
    },
  },
]
