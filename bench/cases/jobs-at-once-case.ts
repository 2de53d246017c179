import { startBare } from '../job-start/bare-start.ts'
import { jobAccount } from '../job-start/job-account.ts'
import { NotedCommands } from '../job-start/noted-command.ts'
import { startLauncher, type StartedLauncher } from '../job-start/started-launcher.ts'
import { median } from '../report/statistics.ts'
import type { BenchCase } from './bench-case.ts'

/** Many starts at once, by the Launcher until it has answered that all are Running, and of bare commands until all run. */
export const jobsAtOnceCase: BenchCase = {
  name: 'jobs-at-once',
  async run({ workplace, effort, say }) {
    const account = await jobAccount()
    const commands = new NotedCommands({ workplace })
    const launcher = await startLauncher(workplace, account.name)
    await byLauncher(launcher, commands, 5)
    const ours: { ms: number; failed: number }[] = []
    const bare: number[] = []
    for (let round = 1; round <= effort.rounds; round++) {
      say(`round ${round}`)
      ours.push(await byLauncher(launcher, commands, effort.jobs))
      bare.push(await bareOnes(commands, account, effort.jobs))
    }
    await launcher.stop()
    const times = ours.map(({ ms }) => ms)
    const ratios = times.map((ms, round) => ms / (bare[round] ?? NaN))
    return {
      benchmark: 'jobs-at-once',
      title: `jobs-at-once: ${effort.jobs} starts at once, the median of ${effort.rounds} rounds`,
      unit: 'starts',
      series: [],
      figures: [
        { name: 'the Launcher says that all are Running', value: median(times), unit: 'ms' },
        { name: 'all bare commands run', value: median(bare), unit: 'ms' },
        { name: 'the Launcher compared with bare commands', value: median(ratios), unit: 'x' },
        { name: 'a start, on average', value: median(times) / effort.jobs, unit: 'ms' },
        {
          name: 'failed',
          value: ours.reduce((sum, { failed }) => sum + failed, 0),
          unit: 'starts',
        },
      ],
    }
  },
}

async function byLauncher(
  launcher: StartedLauncher,
  commands: NotedCommands,
  count: number,
): Promise<{ ms: number; failed: number }> {
  const begin = performance.now()
  const starts = Array.from({ length: count }, () => launcher.start(commands.next()))
  const settled = await Promise.allSettled(starts)
  const ms = performance.now() - begin
  const jobs = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  await Promise.all(jobs.map(({ id }) => launcher.client.control(id, 'kill')))
  return { ms, failed: count - jobs.length }
}

async function bareOnes(
  commands: NotedCommands,
  account: Awaited<ReturnType<typeof jobAccount>>,
  count: number,
): Promise<number> {
  const begin = performance.timeOrigin + performance.now()
  const starting = Array.from({ length: count }, async () => {
    const command = commands.next()
    const started = await startBare(command, account)
    return { began: (await command.began()) - begin, started }
  })
  const all = await Promise.all(starting)
  await Promise.all(all.map(({ started }) => started.kill()))
  return Math.max(...all.map(({ began }) => began))
}
