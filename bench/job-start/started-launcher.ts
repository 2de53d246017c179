import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { LauncherClient } from '../../src/launcher/client.ts'
import type { Job } from '../../src/launcher/job.ts'
import type { Workplace } from '../workplace.ts'
import type { NotedCommand } from './noted-command.ts'

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url))

/** `atelier launcher` with the local plugin, as processes of their own. */
export interface StartedLauncher {
  readonly client: LauncherClient
  /** Submits the command and answers its job, which the Launcher calls Running by then. Throws if it is not. */
  start(command: NotedCommand): Promise<Job>
  stop(): Promise<void>
}

/** Starts a Launcher that runs jobs of one account, and waits until it answers. */
export async function startLauncher(workplace: Workplace, user: string): Promise<StartedLauncher> {
  const data = workplace.folder('launcher')
  const settings = [`data.directory="${data}"`, `launcher.user="${user}"`]
  const command = ['launcher', ...settings.flatMap((setting) => ['--set', setting])]
  const program = workplace.processes.start([process.execPath, MAIN, ...command])
  const client = new LauncherClient({
    socket: join(data, 'launcher', 'launcher.sock'),
    keyFile: join(data, 'launcher', 'launcher.key'),
    actLimit: 120_000,
  })
  while (!(await client.list([]).catch(() => undefined))) {
    program.requireRunning()
    await delay(50)
  }
  return {
    client,
    async start({ script }) {
      const place = { user, workingDirectory: '/tmp', environment: {}, tags: [] }
      const spec = { ...place, name: 'bench', exe: '/bin/sh', args: ['-c', script] }
      const job = await client.submit(spec, crypto.randomUUID())
      if (job.status !== 'Running') throw new Error(`a job is ${job.status} ${job.statusMessage}`)
      return job
    },
    async stop() {
      const running = (await client.list([])).filter(({ status }) => status === 'Running')
      // One that was killed before may be ending.
      await Promise.allSettled(running.map(({ id }) => client.control(id, 'kill')))
      await client.close()
      program.child.kill('SIGTERM')
      while (program.child.exitCode === null && program.child.signalCode === null) await delay(50)
      program.stop()
    },
  }
}
