import { setTimeout as delay } from 'node:timers/promises'
import { isFinalStatus } from '../../launcher/job.ts'
import type { Check, CheckParts } from '../check.ts'
import type { Conversation } from '../conversation.ts'
import { Jobs, LONG } from '../jobs.ts'
import { wholeOutput } from '../streams.ts'
import { expect } from '../verdict.ts'

/** Milliseconds that the plugin is away while a job of a second ends. */
const AWAY = 2_000

type Ending = 'hang up' | 'SIGTERM' | 'SIGKILL'

/** What of a plugin outlives its end. */
export const restartChecks: readonly Check[] = [
  {
    name: 'input-end',
    behaviour: 'ends by itself when its input ends',
    says: 'A Launcher that has ended leaves no plugin behind.',
    async run({ bench }) {
      const plugin = await bench.bootstrapped(bench.newPlace())
      plugin.hangUp()
      await plugin.untilEnded('its end after the end of its input')
    },
  },
  {
    name: 'terminate',
    behaviour: 'ends when it is told to by SIGTERM',
    says: 'A Launcher that ends sends its plugins a signal.',
    async run({ bench }) {
      const plugin = await bench.bootstrapped(bench.newPlace())
      plugin.signal('SIGTERM')
      await plugin.untilEnded('its end after SIGTERM')
    },
  },
  {
    name: 'restart',
    behaviour: 'knows its jobs again after it has been ended and started again',
    says: 'Before it answers the bootstrap request a plugin knows all jobs that there are. Jobs outlive the plugin.',
    run: (parts) => endAndStartAgain(parts, 'hang up'),
  },
  {
    name: 'restart-terminated',
    behaviour: 'knows its jobs again after SIGTERM',
    says: 'Jobs outlive the plugin.',
    run: (parts) => endAndStartAgain(parts, 'SIGTERM'),
  },
  {
    name: 'restart-killed',
    behaviour: 'knows its jobs again after it has been killed',
    says: 'Jobs outlive the plugin, however it ends.',
    run: (parts) => endAndStartAgain(parts, 'SIGKILL'),
  },
  {
    name: 'restart-output',
    behaviour: 'tells what a job wrote before and while the plugin was away',
    says: 'Output outlives the plugin.',
    async run({ bench }) {
      const place = bench.newPlace()
      const first = await started(bench, place)
      const { id } = await first.jobs.running('echo before; sleep 2; echo after')
      await end(first.plugin, 'SIGKILL')
      const second = await started(bench, place)
      const output = await wholeOutput(second, id, 0)
      expect(output === 'before\nafter\n', `Of a job’s output it tells ${JSON.stringify(output)}.`)
      await end(second.plugin, 'hang up')
    },
  },
  {
    name: 'restart-exit-code',
    behaviour: 'tells the exit code of a job that ended while the plugin was away',
    says: 'A job that ends meanwhile is Finished with its exit code.',
    async run({ bench }) {
      const place = bench.newPlace()
      const first = await started(bench, place)
      const { id } = await first.jobs.running('sleep 1; exit 6')
      await end(first.plugin, 'SIGKILL')
      // Nobody can be asked meanwhile.
      await delay(AWAY)
      const second = await started(bench, place)
      const { status, exitCode } = await second.jobs.final(id)
      const became = `${status} with exit code ${exitCode ?? 'not told'}`
      expect(status === 'Finished' && exitCode === 6, `A job that ended with code 6 is ${became}.`)
      await end(second.plugin, 'hang up')
    },
  },
]

interface Started {
  readonly plugin: Conversation
  readonly jobs: Jobs
}

async function started(bench: CheckParts['bench'], place: string): Promise<Started> {
  const plugin = await bench.bootstrapped(place)
  return { plugin, jobs: new Jobs({ bench, plugin }) }
}

async function end(plugin: Conversation, ending: Ending): Promise<void> {
  if (ending === 'hang up') plugin.hangUp()
  else plugin.signal(ending)
  await plugin.untilEnded('the end of the plugin')
}

async function endAndStartAgain({ bench }: CheckParts, ending: Ending): Promise<void> {
  const place = bench.newPlace()
  const first = await started(bench, place)
  const running = await first.jobs.running(LONG)
  const finished = await first.jobs.ended('exit 4')
  const { id: killedId } = await first.jobs.running(LONG)
  await first.jobs.control(killedId, 'kill')
  const killed = await first.jobs.final(killedId)
  await end(first.plugin, ending)

  const { plugin, jobs } = await started(bench, place)
  for (const before of [running, finished, killed]) {
    const after = await jobs.get(before.id)
    const was = `${before.status} with exit code ${before.exitCode ?? 'not told'}`
    const is = `${after.status} with exit code ${after.exitCode ?? 'not told'}`
    expect(was === is, `A job that was ${was} is ${is}.`)
    expect(
      before.name === after.name && before.user === after.user,
      'A job’s name or user is lost.',
    )
    const isLater = isFinalStatus(before.status) || before.submissionTime === after.submissionTime
    expect(isLater, 'The time of submission has changed.')
  }
  await jobs.control(running.id, 'stop')
  const { exitCode } = await jobs.final(running.id)
  expect(exitCode === 143, `A job from before that was stopped has exit code ${exitCode}.`)
  await end(plugin, 'hang up')
}
