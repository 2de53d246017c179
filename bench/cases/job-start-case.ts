import { startBare } from '../job-start/bare-start.ts'
import { jobAccount } from '../job-start/job-account.ts'
import { type JobStart, jobStartFigures } from '../job-start/job-times.ts'
import { NotedCommands } from '../job-start/noted-command.ts'
import { startLauncher, type StartedLauncher } from '../job-start/started-launcher.ts'
import type { BenchCase } from './bench-case.ts'

/** What the Launcher adds to the start of a command as an account: one start after the other, in turns with a bare one. */
export const jobStartCase: BenchCase = {
  name: 'job-start',
  async run({ workplace, effort, say }) {
    const account = await jobAccount()
    const commands = new NotedCommands({ workplace })
    const launcher = await startLauncher(workplace, account.name)
    // The first ones fill caches, and compile.
    for (let index = 0; index < 5; index++) await inTurn(launcher, commands, account)
    const starts: JobStart[] = []
    for (let index = 1; index <= effort.jobs; index++) {
      say(`start ${index} of ${effort.jobs}`)
      starts.push(await inTurn(launcher, commands, account))
    }
    await launcher.stop()
    return {
      benchmark: 'job-start',
      title: `job-start: ${starts.length} starts by the Launcher, in turns with bare ones`,
      unit: 'starts',
      series: [],
      figures: jobStartFigures(starts),
    }
  },
}

async function inTurn(
  launcher: StartedLauncher,
  commands: NotedCommands,
  account: Awaited<ReturnType<typeof jobAccount>>,
): Promise<JobStart> {
  const [ours, theirs] = [commands.next(), commands.next()]
  const submitted = now()
  const job = await launcher.start(ours)
  const running = now() - submitted
  const began = (await ours.began()) - submitted
  await launcher.client.control(job.id, 'kill')
  const spawned = now()
  const bare = await startBare(theirs, account)
  const bareBegan = (await theirs.began()) - spawned
  await bare.kill()
  return { running, began, bare: bareBegan }
}

function now(): number {
  return performance.timeOrigin + performance.now()
}
