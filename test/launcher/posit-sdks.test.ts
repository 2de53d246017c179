import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { loadConfig } from '../../src/config/load.ts'
import { launcherClusters } from '../../src/launcher-clusters.ts'
import { LauncherClient } from '../../src/launcher/client.ts'
import { LauncherService } from '../../src/launcher/service.ts'
import {
  keyPath,
  shellJob,
  shortDirectory,
  SILENT,
  socketPath,
  until,
} from './fixtures/launcher-fixture.ts'

const PLUGIN = fileURLToPath(new URL('fixtures/sdk-plugin.mjs', import.meta.url))
const NEVER = new AbortController().signal

for (const sdk of ['go', 'cpp'] as const) {
  t.test(`a plugin as strict as those of Posit's ${sdk} SDK works unchanged`, async (t) => {
    const directory = shortDirectory(t)
    const exe = join(directory, 'plugin')
    writeFileSync(exe, `#!/bin/sh\nexec "${process.execPath}" "${PLUGIN}" ${sdk} "$@"\n`, {
      mode: 0o755,
    })
    const own = { go: 'config_file=/etc/launcher.slurm.conf', cpp: 'log_level=warn' }[sdk]
    const config = loadConfig({
      settings: [`launcher.clusters.Slurm.exe=${exe}`, `launcher.clusters.Slurm.${own}`],
      dataDirectory: directory,
    })
    const clusters = launcherClusters({
      config,
      root: false,
      serverUser: 'ada',
      environment: { PATH: '/usr/bin:/bin' },
      local: { command: '', before: [], after: [] },
      checkUser: async () => {},
    })
    const place = { socket: socketPath(directory), keyFile: keyPath(directory) }
    const service = new LauncherService({ ...place, log: SILENT, clusters, instanceId: 'one' })
    const client = new LauncherClient(place)
    t.teardown(async () => {
      await client.close()
      await service.stop()
    })
    await service.start()
    const { clusters: states } = await until(async () => {
      const status = await client.status()
      return status.status === 'Green' ? status : undefined
    })
    t.match(states, [{ name: 'Slurm', isDefault: true, restarts: 0 }])

    const ada = client.as('ada')
    const spec = { ...shellJob('exit 0'), user: 'ada' }
    const job = await ada.submit(spec, 'k1')
    t.match(job, { id: 'job-1', cluster: 'Slurm', user: 'ada', instanceId: 'one' })
    t.match(await ada.submit(spec, 'k1'), { id: 'job-1' }, 'once per key')
    const seen: string[] = []
    for await (const { status } of ada.follow('job-1', NEVER)) {
      seen.push(status)
      if (status === 'Running') await ada.control('job-1', 'stop')
    }
    t.same(seen.at(-1), 'Finished')
    t.match(await ada.get('job-1'), { status: 'Finished', exitCode: 143 })
    await t.rejects(ada.control('job-1', 'kill'), { code: 'JOB_STATE' })

    const pending = await ada.submit({ ...spec, tags: ['pending'] }, 'k2')
    await t.rejects(ada.control(pending.id, 'suspend'), { code: 'JOB_STATE' })
    await ada.control(pending.id, 'cancel')
    const command = { ...spec, exe: '', command: 'hostname' }
    const running = await ada.submit(command, 'k3')
    await until(async () => (await ada.get(running.id))?.status === 'Running')
    await t.rejects(ada.control(running.id, 'suspend'), { code: 'BAD_REQUEST' })
    t.match(await ada.network(running.id), { host: 'node', ipAddresses: ['127.0.0.1'] })
    for await (const { output } of ada.output(running.id, NEVER)) {
      t.equal(output, 'Line from hostname\n')
    }
    for await (const usage of ada.usageOf(running.id, NEVER)) {
      t.match(usage, { id: running.id, cpuPercent: 15, residentBytes: 0 })
      break
    }
    t.equal(await client.as('bob').get(running.id), undefined)
    const found = await ada.find({
      statuses: ['Running', 'Canceled'],
      startTime: job.submissionTime,
      endTime: '2999-01-01T00:00:00',
    })
    t.same(
      found.jobs.map(({ id }) => id),
      ['job-2', 'job-3'],
    )
    t.match(await ada.clusterInfo(), { queues: ['default'], resourceLimits: [] })
    await client.setNodes([
      { host: 'a', ipv4: '', port: '1', lastSeen: '2026-01-02T03:04:05Z', status: 'Online' },
    ])
    await until(async () => (await ada.clusterInfo()).queues.includes('a'))
    await service.reload()
    t.match(await client.status(), { status: 'Green', clusters: [{ restarts: 0 }] })
  })
}
