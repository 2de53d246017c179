import type { Check } from '../check.ts'
import { errorIn, expectError } from '../message.ts'
import { PLUGIN_ERROR } from '../../launcher/plugin-error.ts'
import { REQUEST } from '../../launcher/protocol.ts'
import { expectCounting, outputStream, wholeOutput } from '../streams.ts'
import { expect } from '../verdict.ts'

const BOTH = 'echo out; echo err >&2'
const LINES = 20_000
const LINE = 'a line of output that is long enough, with ä, € and 𝄞'

/** How the output of jobs is told. */
export const outputChecks: readonly Check[] = [
  {
    name: 'output-stdout',
    behaviour: 'tells what a job writes to standard output, and only that',
    says: 'Output type 0 is standard output. The last answer has `complete: true`.',
    async run({ plugin, jobs }) {
      const { id } = await jobs.submit(BOTH)
      const output = await wholeOutput({ plugin, jobs }, id, 0)
      expect(output === 'out\n', `Of “out” on stdout it tells ${JSON.stringify(output)}.`)
    },
  },
  {
    name: 'output-stderr',
    behaviour: 'tells what a job writes to standard error, and only that',
    says: 'Output type 1 is standard error. The last answer has `complete: true`.',
    async run({ plugin, jobs }) {
      const { id } = await jobs.submit(BOTH)
      const output = await wholeOutput({ plugin, jobs }, id, 1)
      expect(output === 'err\n', `Of “err” on stderr it tells ${JSON.stringify(output)}.`)
    },
  },
  {
    name: 'output-both',
    behaviour: 'tells both outputs of a job in one stream',
    says: 'Output type 2 is both; each answer says whether it is stdout, stderr or mixed.',
    async run({ plugin, jobs }) {
      const { id } = await jobs.submit(BOTH)
      const stream = outputStream({ plugin, jobs }, id, 2)
      const told = await stream.until(
        (all) => all.at(-1)?.complete === true,
        'the end of the output',
      )
      const lines = told.map(({ output }) => output).join('')
      expect(
        ['out\nerr\n', 'err\nout\n'].includes(lines),
        `Both outputs together are ${JSON.stringify(lines)}.`,
      )
      const untyped = told.some(({ output, outputType }) => output !== '' && outputType === '')
      expect(!untyped, 'A piece of output does not say where it was written.')
    },
  },
  {
    name: 'output-empty',
    behaviour: 'ends the stream of a job that writes nothing',
    says: 'Empty output still needs a last answer with `complete: true`.',
    async run({ plugin, jobs }) {
      const { id } = await jobs.submit('exit 0')
      const output = await wholeOutput({ plugin, jobs }, id, 2)
      expect(output === '', `A job that writes nothing has written ${JSON.stringify(output)}.`)
    },
  },
  {
    name: 'output-late',
    behaviour: 'tells the output also after the end of the job, as often as it is asked for',
    says: 'A stream begins with what has been written before.',
    async run({ plugin, jobs }) {
      const { id } = await jobs.ended(BOTH)
      for (const time of ['first', 'second']) {
        const output = await wholeOutput({ plugin, jobs }, id, 0)
        expect(output === 'out\n', `The ${time} time it tells ${JSON.stringify(output)}.`)
      }
    },
  },
  {
    name: 'output-live',
    behaviour: 'tells output while the job runs',
    says: 'Output is told as it is written; the stream ends with the job.',
    async run({ plugin, jobs }) {
      const { id } = await jobs.running('echo early; exec sleep 300')
      const stream = outputStream({ plugin, jobs }, id, 0)
      const early = await stream.until(
        (told) => told.map(({ output }) => output).join('') === 'early\n',
        'the output of a running job',
      )
      expect(!early.some(({ complete }) => complete), 'The stream ends before the job does.')
      await jobs.control(id, 'kill')
      await stream.until((told) => told.at(-1)?.complete === true, 'the end of the output')
    },
  },
  {
    name: 'output-sequence',
    behaviour: 'numbers the answers of each stream',
    says: 'Each stream has a `seqId` of its own that counts up.',
    async run({ plugin, jobs }) {
      const { id } = await jobs.submit('echo 1; sleep 0.7; echo 2; sleep 0.7; echo 3')
      const streams = [2, 2].map(() => outputStream({ plugin, jobs }, id, 2))
      for (const stream of streams) {
        const told = await stream.until((all) => all.at(-1)?.complete === true, 'the end')
        expectCounting(
          told.map(({ seqId }) => seqId),
          'The `seqId` of a stream of output',
        )
        const lines = told.map(({ output }) => output).join('')
        expect(lines === '1\n2\n3\n', `One of two listeners hears ${JSON.stringify(lines)}.`)
      }
    },
  },
  {
    name: 'output-large',
    behaviour: 'tells much output, in messages that are not too large, without breaking characters',
    says: 'A message has 5 MiB at most.',
    async run({ plugin, jobs }) {
      const { id } = await jobs.submit(`yes '${LINE}' | head -n ${LINES}`)
      const output = await wholeOutput({ plugin, jobs }, id, 0)
      const wanted = `${LINE}\n`.repeat(LINES)
      const [told, whole] = [output.length, wanted.length]
      expect(told === whole, `Of ${whole} characters of output it tells ${told}.`)
      expect(output === wanted, 'Characters of several bytes are told broken.')
    },
  },
  {
    name: 'output-cancel',
    behaviour: 'tells nothing more once a stream is closed',
    says: 'The same request with `cancel: true` closes its stream, and no other.',
    async run({ plugin, jobs }) {
      const { id } = await jobs.running('while :; do echo tick; sleep 0.1; done')
      const [closed, open] = [0, 0].map(() => outputStream({ plugin, jobs }, id, 0 as const))
      if (closed === undefined || open === undefined) return
      for (const stream of [closed, open]) {
        await stream.until((told) => told.some(({ output }) => output !== ''), 'output')
      }
      closed.cancel()
      // What it says to a later question comes after what it had to say before.
      await jobs.get(id)
      const before = closed.raw().length
      const seen = open.raw().length
      await open.until((told) => told.length > seen + 2, 'output for who still listens')
      const more = closed.raw().length - before
      // One answer may have been under way.
      expect(more <= 1, `After a stream is closed ${more} more answers come.`)
    },
  },
  {
    name: 'output-unknown',
    behaviour: 'has no output of an unknown job',
    says: 'The output of a job that is not there is error 3, or 7 where no output is kept.',
    async run({ jobs }) {
      const answer = await jobs.ask(REQUEST.output, 'no-such-job', {
        cancel: false,
        outputType: 2,
      })
      const what = 'the question for the output of an unknown job'
      if (errorIn(answer)?.errorCode === PLUGIN_ERROR.outputNotFound) return
      expectError(answer, [PLUGIN_ERROR.jobNotFound], what)
    },
  },
]
