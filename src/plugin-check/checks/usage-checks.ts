import { PLUGIN_ERROR } from '../../launcher/plugin-error.ts'
import { REQUEST } from '../../launcher/protocol.ts'
import type { Check } from '../check.ts'
import { expectError } from '../message.ts'
import { expectCounting, usageStream } from '../streams.ts'
import { expect } from '../verdict.ts'

/** How it is told what jobs use. */
export const usageChecks: readonly Check[] = [
  {
    name: 'usage',
    behaviour: 'tells what a running job uses, until it ends',
    says: 'CPU in percent and seconds, memory in MB, `sequences`; the last answer has `complete: true`.',
    async run({ plugin, jobs }) {
      const { id } = await jobs.running('while :; do :; done')
      const closed = usageStream({ plugin, jobs }, id)
      const stream = usageStream({ plugin, jobs }, id)
      closed.cancel()
      const told = await stream.until((all) => all.length > 0, 'what a running job uses')
      expect(!told.some(({ complete }) => complete), 'The stream ends before the job does.')
      const before = closed.raw().length
      await jobs.control(id, 'kill')
      const all = await stream.until((each) => each.at(-1)?.complete === true, 'the end of usage')
      const { requestId } = stream
      const numbers = all.flatMap(({ sequences }) =>
        sequences.filter((each) => each.requestId === requestId).map(({ seqId }) => seqId),
      )
      expectCounting(numbers, 'The `seqId` of a stream of usage')
      expect(closed.raw().length === before, 'A stream goes on after it was closed.')
    },
  },
  {
    name: 'usage-not-running',
    behaviour: 'refuses to tell what a job uses that does not run',
    says: 'Resource use of a job that is not Running is error 6.',
    async run({ jobs }) {
      const { id } = await jobs.ended('exit 0')
      const answer = await jobs.ask(REQUEST.usage, id, { cancel: false })
      const what = 'the question what an ended job uses'
      expectError(answer, [PLUGIN_ERROR.jobNotRunning, PLUGIN_ERROR.notSupported], what)
    },
  },
]
