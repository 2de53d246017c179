import { isFinalStatus } from '../../launcher/job.ts'
import { PLUGIN_ERROR } from '../../launcher/plugin-error.ts'
import type { Check } from '../check.ts'
import { errorIn, expectError } from '../message.ts'
import { wholeOutput } from '../streams.ts'
import { expect } from '../verdict.ts'

/** How jobs are submitted. */
export const submitChecks: readonly Check[] = [
  {
    name: 'submit',
    behaviour: 'answers a submission with the state of the new job',
    says: 'Answer 2 has one job with an id, its status, and what it was submitted with.',
    async run({ bench, jobs }) {
      const tags = [bench.mark, 'two words']
      const job = await jobs.submit('exit 0', { name: 'a check’s “name”', tags })
      expect(job.name === 'a check’s “name”', `The job’s name became ${job.name}.`)
      expect(job.user === bench.user, `The job of ${bench.user} became one of ${job.user}.`)
      expect(
        tags.every((tag) => job.tags?.includes(tag)),
        'The job’s tags are not all in the answer.',
      )
      expect(job.submissionTime !== undefined, 'The answer does not say when it was submitted.')
    },
  },
  {
    name: 'submit-ids',
    behaviour: 'gives each job an id of its own',
    says: 'An id names one job for good.',
    async run({ jobs }) {
      const { id } = await jobs.submit('exit 0')
      const other = await jobs.submit('exit 0')
      expect(id !== other.id, `Two jobs have the id ${id}.`)
    },
  },
  {
    name: 'submit-no-user',
    behaviour: 'refuses a job without a user',
    says: 'A job without a user that nobody’s name stands for is refused with error 2.',
    async run({ plugin, jobs }) {
      const everybody = { username: '*', requestUsername: '*' }
      const question = { ...jobs.submission('exit 0', { user: '' }), ...everybody }
      const answer = await plugin.ask(question, 'a submission without a user')
      if (errorIn(answer) === undefined) jobs.accepted(answer)
      expectError(answer, [PLUGIN_ERROR.invalidRequest], 'a submission without a user')
    },
  },
  {
    name: 'submit-own-user',
    behaviour: 'runs a job without a user as the one who asks',
    says: 'Where the job has no user, it is that of `username`.',
    async run({ bench, jobs }) {
      const job = await jobs.submit('exit 0', { user: '' })
      expect(job.user === bench.user, `The job of ${bench.user} became one of ${job.user}.`)
    },
  },
  {
    name: 'submit-profile',
    behaviour: 'calls the profile of a job without one “custom”',
    says: 'A missing resource profile becomes `custom`, with which limits can be set by hand.',
    async run({ jobs }) {
      const { resourceProfile } = await jobs.submit('exit 0')
      expect(resourceProfile === 'custom', `Its profile is ${resourceProfile ?? 'not told'}.`)
    },
  },
  {
    name: 'submit-command',
    behaviour: 'runs a command by a shell',
    says: 'A job has either an `exe` with arguments or a `command`, which a shell runs.',
    async run({ plugin, jobs }) {
      const command = 'for word in one two; do echo "$word"; done'
      const { id } = await jobs.submit('', { exe: '', args: [], command })
      const output = await wholeOutput({ plugin, jobs }, id, 0)
      expect(output === 'one\ntwo\n', `The command wrote ${JSON.stringify(output)}.`)
    },
  },
  {
    name: 'submit-arguments',
    behaviour: 'hands over arguments and environment as they are',
    says: '`args` and `environment` reach the program unchanged; no shell reads them.',
    async run({ plugin, jobs }) {
      const value = 'it’s "$HOME" `id` \\ *\nsecond  line'
      const script = 'printf "%s|" "$@" "$CHECK_VALUE"'
      const { id } = await jobs.submit('', {
        args: ['-c', script, 'name', value, ''],
        environment: [{ name: 'CHECK_VALUE', value }],
      })
      const output = await wholeOutput({ plugin, jobs }, id, 0)
      expect(output === `${value}||${value}|`, `The job was given ${JSON.stringify(output)}.`)
    },
  },
  {
    name: 'submit-directory',
    behaviour: 'runs the job in its working directory, as its user',
    says: '`workingDirectory` is where the job begins, `user` whose it is.',
    async run({ bench, plugin, jobs }) {
      const { id } = await jobs.submit('pwd; id -un', { workingDirectory: '/usr' })
      const output = await wholeOutput({ plugin, jobs }, id, 0)
      expect(output === `/usr\n${bench.user}\n`, `The job is at ${JSON.stringify(output)}.`)
    },
  },
  {
    name: 'submit-stdin',
    behaviour: 'gives the job its standard input',
    says: '`stdin` is what the program reads, and then its end.',
    async run({ plugin, jobs }) {
      const stdin = 'first\nsecond ä'
      const { id } = await jobs.submit('exec cat', { stdin })
      const output = await wholeOutput({ plugin, jobs }, id, 0)
      expect(output === stdin, `The job read ${JSON.stringify(output)}.`)
    },
  },
  {
    name: 'submit-no-program',
    behaviour: 'says so when a program cannot be run',
    says: 'The submission is refused, or the job ends: Failed, or Finished with an exit code that is not 0.',
    async run({ plugin, jobs }) {
      const question = jobs.submission('', { exe: '/nonexistent/program', args: [] })
      const answer = await plugin.ask(question, 'the submission of a program that is not there')
      if (errorIn(answer) !== undefined) return
      const { status, exitCode } = await jobs.final(jobs.accepted(answer).id)
      const isTold = status === 'Failed' || (status === 'Finished' && exitCode !== 0)
      expect(isTold, `A job without a program became ${status} with exit code ${exitCode}.`)
    },
  },
  {
    name: 'exit-code',
    behaviour: 'tells with which exit code a job has ended',
    says: 'A job that has run to its end is Finished, whatever its exit code, also 0, which is told.',
    async run({ jobs }) {
      for (const code of [0, 7]) {
        const { status, exitCode } = await jobs.ended(`exit ${code}`)
        const became = `${status} with exit code ${exitCode ?? 'not told'}`
        const isRight = status === 'Finished' && exitCode === code
        expect(isRight, `A job that ended with code ${code} became ${became}.`)
      }
    },
  },
  {
    name: 'final',
    behaviour: 'never changes a final status',
    says: 'Finished, Failed, Killed and Canceled are final.',
    async run({ jobs }) {
      const { id, status } = await jobs.ended('exit 3')
      expect(isFinalStatus(status), 'It is not final.')
      for (const operation of ['stop', 'kill', 'cancel', 'suspend', 'resume'] as const) {
        await jobs.tryControl(id, operation)
        const after = await jobs.get(id)
        expect(after.status === status, `After ${operation} a ${status} job is ${after.status}.`)
        expect(after.exitCode === 3, `After ${operation} its exit code is ${after.exitCode}.`)
      }
    },
  },
]
