import { mkdirSync } from 'node:fs'
import { userInfo } from 'node:os'
import type { Fault, Wire } from './fixtures/broken-plugin.ts'
import {
  answered,
  asked,
  said,
  submitted,
  told,
  unheard,
  unsaid,
  without,
} from './fixtures/changes.ts'
import {
  afterControl,
  forgetsEnds,
  keepsOutput,
  losesSome,
  refusesFields,
  reports,
  stepsBack,
  suspendsNothing,
  tellsOnce,
} from './fixtures/forgetful-faults.ts'

/** A plugin that does one thing wrong, the check that is meant for it, and what that says. */
export interface BrokenPlugin {
  readonly does: string
  readonly check: string
  readonly why: RegExp
  /** Checks that have to be made before. */
  readonly after?: readonly string[]
  readonly fault: () => Fault
}

const USER = userInfo().username
const done = { messageType: 4, operationComplete: true, statusMessage: '' }
const operation = (from: number, to: number) =>
  asked(5, (request) => (request['operation'] === from ? { operation: to } : {}))
const outputType = (from: number, to: number) =>
  asked(6, (request) => (request['outputType'] === from ? { outputType: to } : {}))
const silentFrom = (isIt: (chunk: Buffer) => boolean) => (): Fault => {
  let isSilent = false
  return { bytes: (chunk) => !(isSilent ||= isIt(chunk)) }
}
const forgets = (): Fault => ({
  flag(flag) {
    if (!flag.startsWith('--scratch-path=')) return flag
    const other = `${flag}-${crypto.randomUUID()}`
    mkdirSync(other.slice('--scratch-path='.length))
    return other
  },
})
const sequence = (seqId: number) => (answer: Wire) => ({
  sequences: (answer.sequences as object[]).map((each) => ({ ...each, seqId })),
})

/** How plugins go wrong, at least once for each check that can be failed by a plugin that bootstraps. */
export const BROKEN: readonly BrokenPlugin[] = [
  {
    does: 'speaks version 4',
    check: 'bootstrap',
    why: /speaks version 4/,
    fault: said(1, () => ({ version: { major: 4, minor: 0, patch: 0 } })),
  },
  {
    does: 'says nothing',
    check: 'bootstrap',
    why: /There was not an answer/,
    fault: unsaid(() => true),
  },
  {
    does: 'takes any version',
    check: 'bootstrap-version',
    why: /does not answer error 10/,
    fault: asked(1, () => ({ version: { major: 3, minor: 0, patch: 0 } })),
  },
  {
    does: 'answers no heartbeat',
    check: 'heartbeat',
    why: /There was not an answer to a heartbeat/,
    fault: unsaid(({ messageType }) => messageType === 0),
  },
  {
    does: 'leaves out limits',
    check: 'cluster-info',
    why: /resourceLimits/,
    fault: said(8, () => ({ resourceLimits: undefined })),
  },
  {
    does: 'has a default queue that is none',
    check: 'cluster-info',
    why: /none of its queues/,
    fault: said(8, () => ({ queues: ['a'], defaultQueue: 'b' })),
  },
  {
    does: 'loses tags',
    check: 'submit',
    why: /tags are not all/,
    fault: told((job) => ({ ...job, tags: [] })),
  },
  {
    does: 'answers with two jobs',
    check: 'submit',
    why: /Not one job/,
    fault: said(2, ({ jobs }) => ({ jobs: [...(jobs as []), ...(jobs as [])] })),
  },
  {
    does: 'gives one id to all',
    check: 'submit-ids',
    why: /Two jobs have the id/,
    fault: told((job) => ({ ...job, id: 'one' })),
  },
  {
    does: 'invents a user',
    check: 'submit-no-user',
    why: /does not answer error 2/,
    fault: submitted(() => ({ user: USER })),
  },
  {
    does: 'changes the user',
    check: 'submit-own-user',
    why: /became one of somebody/,
    fault: told((job) => ({ ...job, user: 'somebody' })),
  },
  {
    does: 'has no profile',
    check: 'submit-profile',
    why: /not told/,
    fault: told(without('resourceProfile')),
  },
  {
    does: 'runs no commands',
    check: 'submit-command',
    why: /The command wrote ""/,
    fault: submitted(() => ({ exe: '/bin/true', command: '' })),
  },
  {
    does: 'drops empty arguments',
    check: 'submit-arguments',
    why: /was given/,
    fault: submitted(({ args }) => ({ args: (args as string[]).filter((arg) => arg !== '') })),
  },
  {
    does: 'drops the environment',
    check: 'submit-arguments',
    why: /was given/,
    fault: submitted(() => ({ environment: [] })),
  },
  {
    does: 'runs jobs at the root',
    check: 'submit-directory',
    why: /The job is at "\/\\n/,
    fault: submitted(() => ({ workingDirectory: '/' })),
  },
  {
    does: 'gives no input',
    check: 'submit-stdin',
    why: /The job read ""/,
    fault: submitted(() => ({ stdin: '' })),
  },
  {
    does: 'calls a program that is not there a success',
    check: 'submit-no-program',
    why: /Finished with exit code 0/,
    fault: told((job) => ('exitCode' in job ? { ...job, exitCode: 0 } : job)),
  },
  {
    does: 'leaves out exit code 0',
    check: 'exit-code',
    why: /exit code not told/,
    fault: told((job) => (job['exitCode'] === 0 ? without('exitCode')(job) : job)),
  },
  {
    does: 'calls other exit codes a failure',
    check: 'exit-code',
    why: /became Failed/,
    fault: told((job) => (job['exitCode'] ? { ...job, status: 'Failed' } : job)),
  },
  {
    does: 'kills ended jobs',
    check: 'final',
    why: /After stop a Finished job is Killed/,
    fault: afterControl,
  },
  {
    does: 'mixes errors into output',
    check: 'output-stdout',
    why: /it tells/,
    fault: outputType(0, 2),
  },
  {
    does: 'tells output for errors',
    check: 'output-stderr',
    why: /it tells/,
    fault: outputType(1, 0),
  },
  {
    does: 'tells only one output',
    check: 'output-both',
    why: /Both outputs together/,
    fault: outputType(2, 0),
  },
  {
    does: 'does not say which output it is',
    check: 'output-both',
    why: /where it was written/,
    fault: said(5, () => ({ outputType: '' })),
  },
  {
    does: 'never ends output',
    check: 'output-empty',
    why: /There was not the end/,
    fault: unsaid(({ messageType, complete }) => messageType === 5 && complete === true),
  },
  {
    does: 'tells output once',
    check: 'output-late',
    why: /The second time it tells ""/,
    fault: tellsOnce,
  },
  {
    does: 'tells output at the end',
    check: 'output-live',
    why: /There was not the output of a running job/,
    fault: keepsOutput,
  },
  {
    does: 'does not count output',
    check: 'output-sequence',
    why: /do not count up/,
    fault: said(5, () => ({ seqId: 0 })),
  },
  {
    does: 'breaks characters',
    check: 'output-large',
    why: /told broken/,
    fault: said(5, ({ output }) => ({ output: String(output).replaceAll('ä', '?') })),
  },
  {
    does: 'loses output',
    check: 'output-large',
    why: /Of \d+ characters of output it tells \d+/,
    fault: said(5, ({ output }) => ({ output: String(output).slice(1) })),
  },
  {
    does: 'cannot close output',
    check: 'output-cancel',
    why: /more answers come/,
    fault: unheard(({ messageType, cancel }) => messageType === 6 && cancel === true),
  },
  {
    does: 'has output of any job',
    check: 'output-unknown',
    why: /does not answer error 3/,
    fault: said(-1, () => ({ messageType: 5, seqId: 0, output: '', complete: true })),
  },
  {
    does: 'begins with Pending',
    check: 'status-present',
    why: /Running it tells Pending/,
    fault: said(3, () => ({ status: 'Pending' })),
  },
  {
    does: 'leaves out that a job runs',
    check: 'status-changes',
    why: /is not told/,
    fault: unsaid(({ messageType, status }) => messageType === 3 && status === 'Running'),
  },
  {
    does: 'tells a step back',
    check: 'status-changes',
    why: /It tells .*Finished/,
    fault: stepsBack,
  },
  {
    does: 'does not tell later jobs',
    check: 'status-all',
    why: /There was not a status of each job/,
    fault: unsaid(({ messageType, status }) => messageType === 3 && status === 'Finished'),
  },
  {
    does: 'does not count statuses',
    check: 'status-sequence',
    why: /do not count up/,
    fault: said(3, sequence(0)),
  },
  {
    does: 'tells the status without sequences',
    check: 'status-sequence',
    why: /There was not/,
    fault: said(3, () => ({ sequences: undefined })),
  },
  {
    does: 'cannot close a status',
    check: 'status-cancel',
    why: /after it was closed/,
    fault: unheard(({ messageType, cancel }) => messageType === 4 && cancel === true),
  },
  {
    does: 'says nothing of an unknown status',
    check: 'status-unknown',
    why: /There was not an answer/,
    fault: unsaid(({ messageType }) => messageType === -1),
  },
  {
    does: 'never ends usage',
    check: 'usage',
    why: /There was not the end of usage/,
    fault: answered(7, ({ requestId }) => ({
      messageType: 6,
      cpuPercent: 1,
      complete: false,
      sequences: [{ requestId, seqId: 0 }],
    })),
  },
  {
    does: 'tells what an ended job uses',
    check: 'usage-not-running',
    why: /does not answer error 6/,
    fault: answered(7, () => ({ messageType: 6, complete: true })),
  },
  {
    does: 'kills instead of stopping',
    check: 'stop',
    why: /stopped became Killed with exit code 137/,
    fault: operation(2, 3),
  },
  {
    does: 'lets no job end by itself',
    check: 'stop-gently',
    why: /ended with 137/,
    fault: operation(2, 3),
  },
  {
    does: 'stops instead of killing',
    check: 'kill',
    why: /There was not the end of a job/,
    fault: operation(3, 2),
  },
  {
    does: 'says that it cancels and does not',
    check: 'cancel',
    why: /There was not the end of a job/,
    fault: said(-1, ({ errorCode }) => (errorCode === 8 ? done : {})),
  },
  {
    does: 'says that it suspends and does not',
    check: 'suspend-resume',
    why: /Suspended still writes/,
    fault: suspendsNothing,
  },
  {
    does: 'has one code for all errors',
    check: 'control-state',
    why: /does not answer error 8/,
    fault: said(-1, () => ({ errorCode: 0 })),
  },
  {
    does: 'does not know unknown jobs',
    check: 'control-unknown',
    why: /does not answer error 3/,
    fault: said(-1, () => ({ errorCode: 2 })),
  },
  {
    does: 'controls all jobs',
    check: 'control-all',
    why: /does not answer error 2/,
    fault: said(-1, () => done),
  },
  {
    does: 'takes any operation',
    check: 'control-operation',
    why: /does not answer error 2 or 1/,
    fault: operation(99, 3),
  },
  {
    does: 'loses names',
    check: 'get',
    why: /name became/,
    fault: told((job) => ({ ...job, name: '' })),
  },
  {
    does: 'answers nothing for an unknown job',
    check: 'get-unknown',
    why: /does not answer error 3/,
    fault: said(-1, () => ({ messageType: 2, jobs: [] })),
  },
  {
    does: 'shows jobs to everybody',
    check: 'get-other-user',
    why: /does not answer error 3/,
    fault: asked(3, () => ({ username: '*' })),
  },
  {
    does: 'joins tags by OR',
    check: 'list-tags',
    why: /with both of two tags/,
    fault: asked(3, ({ tags }) => ({ tags: (tags as [] | undefined)?.slice(0, 1) })),
  },
  {
    does: 'reads one status',
    check: 'list-statuses',
    why: /of either status/,
    fault: asked(3, ({ statuses }) => ({ statuses: (statuses as [] | undefined)?.slice(0, 1) })),
  },
  {
    does: 'ignores when a list begins',
    check: 'list-times',
    why: /from an hour from now/,
    fault: asked(3, () => ({ startTime: undefined })),
  },
  {
    does: 'ignores when a list ends',
    check: 'list-times',
    why: /before an hour ago/,
    fault: asked(3, () => ({ endTime: undefined })),
  },
  {
    does: 'tells all fields',
    check: 'list-fields',
    why: /Of name and user it tells/,
    fault: asked(3, () => ({ fields: undefined })),
  },
  {
    does: 'has addresses that are none',
    check: 'network',
    why: /ipAddresses/,
    fault: said(7, () => ({ ipAddresses: ['here'] })),
  },
  {
    does: 'knows where unknown jobs are',
    check: 'network-unknown',
    why: /does not answer error 3/,
    fault: said(-1, () => ({ messageType: 7, host: 'here', ipAddresses: [] })),
  },
  {
    does: 'answers nodes as a reload',
    check: 'load-balancer-nodes',
    why: /messageType/,
    fault: answered(201, () => ({ messageType: 202 })),
  },
  {
    does: 'cannot read its configuration again',
    check: 'config-reload',
    why: /is refused: 1/,
    fault: answered(202, () => ({ messageType: 202, errorType: 1, errorMessage: 'made up' })),
  },
  { does: 'reports three buckets', check: 'metrics', why: /buckets/, fault: reports },
  {
    does: 'goes on without input',
    check: 'input-end',
    why: /There was not its end/,
    fault: () => ({ deaf: 'input-end' }),
  },
  {
    does: 'does not hear SIGTERM',
    check: 'terminate',
    why: /There was not its end/,
    fault: () => ({ deaf: 'SIGTERM' }),
  },
  ...['restart', 'restart-terminated', 'restart-killed', 'restart-exit-code', 'restart-output'].map(
    (check) => ({ does: 'forgets its jobs', check, why: /error 3/, fault: forgets }),
  ),
  { does: 'forgets how jobs ended', check: 'restart', why: /A job that was/, fault: forgetsEnds },
  {
    does: 'says nothing to what it does not know',
    check: 'unknown-message',
    why: /There was not an answer/,
    fault: unheard(({ messageType }) => messageType > 203),
  },
  {
    does: 'refuses fields that it does not know',
    check: 'unknown-fields',
    why: /answers error 2/,
    fault: refusesFields,
  },
  {
    does: 'reads no pieces',
    check: 'split-frames',
    why: /in single bytes/,
    fault: () => ({ bytes: (chunk) => chunk.length > 1 }),
  },
  {
    does: 'hangs on what is no JSON',
    check: 'malformed-json',
    why: /There was not an end or an answer/,
    fault: silentFrom((chunk) => chunk.toString().endsWith('"requestId": ')),
  },
  {
    does: 'hangs on what is no request',
    check: 'no-request',
    why: /There was not an end or an answer/,
    fault: silentFrom((chunk) => chunk.includes('hello')),
  },
  {
    does: 'waits for the rest of what is too long',
    check: 'oversized-frame',
    why: /There was not an end or an answer/,
    fault: silentFrom((chunk) => chunk.length === 8),
  },
  {
    does: 'loses large messages',
    check: 'large-message',
    why: /There was not an answer/,
    fault: unheard((request) => JSON.stringify(request).length > 1_000_000),
  },
  {
    does: 'loses requests when there are many',
    check: 'many-requests',
    why: /There was not an answer to each/,
    fault: losesSome,
  },
  {
    does: 'answers twice',
    check: 'answers',
    after: ['get'],
    why: /2 times/,
    fault: () => ({
      response: (answer) =>
        answer.messageType === 2
          ? [answer, { ...answer, responseId: 100_000 + Number(answer['responseId']) }]
          : [answer],
    }),
  },
  {
    does: 'does not count its answers',
    check: 'answers',
    after: ['get'],
    why: /Two of its answers/,
    fault: () => ({ response: (answer) => [{ ...answer, responseId: 0 }] }),
  },
  {
    does: 'answers what nobody asked',
    check: 'answers',
    after: ['get'],
    why: /which was never made/,
    fault: () => ({ response: (answer) => [answer, { messageType: 0, requestId: 77_777 }] }),
  },
]
