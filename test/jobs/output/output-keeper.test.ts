import { execFile } from 'node:child_process'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { AtelierError } from '../../../src/errors.ts'
import { JobOutputs } from '../../../src/jobs/output/job-outputs.ts'
import { outputFiles, type OutputFiles } from '../../../src/jobs/output/output-files.ts'
import { OutputKeeper } from '../../../src/jobs/output/output-keeper.ts'
import type { Job, JobOutput, JobUsage } from '../../../src/launcher/job.ts'
import { launcherJob } from '../../fixtures/job.ts'
import { silent } from '../../fixtures/silent-log.ts'
import { until } from '../../fixtures/until.ts'
import { storedText, withFiles } from '../../fixtures/output-files.ts'

const run = promisify(execFile)
const out = (output: string): JobOutput => ({ type: 'stdout', output })
const err = (output: string): JobOutput => ({ type: 'stderr', output })
const GONE = new AtelierError('NOT_FOUND')

/** A Launcher that tells these things one stream after the other; an error breaks the stream off. */
function launcherOf(
  streams: readonly (readonly (JobOutput | Error | (() => Promise<unknown>))[])[],
) {
  let opened = 0
  const launcher = {
    get: async (): Promise<Job | undefined> => launcherJob({ status: 'Finished' }),
    async *output(_id: string, signal: AbortSignal): AsyncGenerator<JobOutput> {
      for (const told of streams[opened++] ?? [GONE]) {
        if (signal.aborted) return
        if (told instanceof Error) throw told
        if (typeof told === 'function') await told()
        else yield told
      }
    },
    async *usageOf(): AsyncGenerator<JobUsage> {
      yield { id: 'L1', cpuPercent: 50, cpuSeconds: 3, residentBytes: 7e6, terminalPrograms: null }
    },
  }
  return { launcher, opened: () => opened }
}

function keeper(files: OutputFiles, streams: Parameters<typeof launcherOf>[0], limit = 1e9) {
  const { launcher } = launcherOf(streams)
  const parts = { id: 'job', launcherJob: 'L1', files, launcher, limit: () => limit, log: silent }
  return new OutputKeeper(parts)
}

t.test('a stream that breaks off is told again, and nothing is stored twice', async (t) => {
  await withFiles(async (files) => {
    const away = new AtelierError('LAUNCHER_UNAVAILABLE')
    const kept = keeper(files, [
      [out('one\n\ud83d'), err('oh'), away],
      [away],
      [err('oh no\n'), out('one\n'), out('\ud83d'), out('\ude00 two\n'), away],
      [out('one\n😀 two\nthree\n'), err('oh no\n')],
    ])
    await kept.start()
    t.ok(kept.isComplete)
    t.match(await storedText(files), { stdout: 'one\n😀 two\nthree\n', stderr: 'oh no\n' })
  })
})

t.test('another start goes on where the last one was broken off in a character', async (t) => {
  await withFiles(async (files) => {
    const first = keeper(files, [[out('one €')]])
    await first.start()
    await truncate(files.output, first.size - 1)
    const second = keeper(files, [[err('other\n'), out('one €uro\n')]])
    await second.start()
    t.match(await storedText(files), { stdout: 'one €uro\n', stderr: 'other\n' })
  })
})

t.test('beyond the limit nothing is kept, which is said once', async (t) => {
  await withFiles(async (files) => {
    const kept = keeper(files, [[out('12345'), err('678€'), out('never')]], 10)
    await kept.start()
    t.ok(kept.isComplete)
    const again = keeper(files, [[out('12345'), err('678€'), out('never')]], 10)
    await again.start()
    const { stdout, stderr, notice } = await storedText(files)
    t.strictSame([stdout, stderr], ['12345', '678'], 'in whole characters')
    t.match(notice, /^\n\[… Of what this job prints only the first 0 MiB are kept[^\n]*\]\n$/)
  })
})

t.test('a job that the Launcher has forgotten is complete', async (t) => {
  await withFiles(async (files) => {
    const kept = keeper(files, [[out('what there was'), new AtelierError('INTERNAL')], [GONE]])
    await kept.start()
    t.ok(kept.isComplete)
    t.match(await storedText(files), { stdout: 'what there was' })
  })
})

t.test(
  'a full disk is waited for, and nothing is missing then',
  { skip: process.getuid?.() !== 0 && 'only root can make a small disk' },
  async (t) => {
    const root = await mkdtemp(join(tmpdir(), 'atelier-small-disk-'))
    await run('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'none', root])
    t.teardown(async () => {
      await run('umount', [root])
      await rm(root, { recursive: true })
    })
    const files = outputFiles(root, 'job')
    await writeFile(join(root, 'ballast'), Buffer.alloc(128 * 1024))
    const said: string[] = []
    const note = (_: unknown, text: string) => void said.push(text)
    const lines = 'x'.repeat(999) + '\n'
    const { launcher } = launcherOf([[out(lines.repeat(100)), err('oh'), out(lines.repeat(50))]])
    const kept = new OutputKeeper({
      id: 'job',
      launcherJob: 'L1',
      files,
      launcher,
      limit: () => 1e9,
      log: { ...silent, error: note, info: note } as typeof silent,
    })
    const done = kept.start()
    await until(() => said.length > 0)
    await rm(join(root, 'ballast'))
    await done
    t.match(said, [/cannot be stored/, /is stored again/], 'said once')
    t.match(await storedText(files), { stdout: lines.repeat(150), stderr: 'oh' })
  },
)

t.test('what a job came to is told when all is stored', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'atelier-outputs-'))
  t.teardown(() => rm(root, { recursive: true }))
  let goOn = (): void => undefined
  const waiting = new Promise<void>((resolve) => (goOn = resolve))
  const { launcher, opened } = launcherOf([[out('one\n'), () => waiting, out('two\n')]])
  const parts = {
    filesOf: (id: string) => outputFiles(root, id),
    lockFile: join(root, '.lock'),
    launcher,
    limit: () => 1e9,
    log: silent,
  }
  const outputs = new JobOutputs(parts)
  t.teardown(() => outputs.stop())
  const job = { id: 'job', jobId: 'L1' }
  outputs.follow({ id: 'job', jobId: null })
  t.notOk(outputs.isFollowing('job'), 'not before the Launcher has it')
  outputs.follow(job)
  outputs.follow(job)
  await until(() => opened() === 1)
  const finished = outputs.finish(job)
  t.ok(outputs.isFollowing('job'))
  goOn()
  t.match(await finished, { outputBytes: 8, cpuSeconds: 3, peakMemoryBytes: 7e6 })
  t.notOk(outputs.isFollowing('job'))
  t.equal(opened(), 1, 'followed once')

  const other = new JobOutputs(parts)
  other.follow(job)
  await outputs.stop()
  await until(() => opened() > 1)
  await other.stop()
  await t.rejects(outputs.finish(job), { code: 'NODE_STOPPING' })
})

t.test('the end of a job does not wait for ever for its output', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'atelier-outputs-'))
  t.teardown(() => rm(root, { recursive: true }))
  const { launcher } = launcherOf([[out('one\n'), () => new Promise(() => undefined)]])
  const outputs = new JobOutputs({
    filesOf: (id) => outputFiles(root, id),
    lockFile: join(root, '.lock'),
    // A Launcher that hangs does not hear of a signal either.
    launcher: {
      ...launcher,
      output: (id, signal) => abortable(launcher.output(id, signal), signal),
    },
    limit: () => 1e9,
    log: silent,
    patience: 50,
  })
  t.teardown(() => outputs.stop())
  const job = { id: 'job', jobId: 'L1' }
  outputs.follow(job)
  await until(
    async () => (await storedText(outputFiles(root, 'job')).catch(() => undefined))?.stdout,
  )
  t.match(await outputs.finish(job), { outputBytes: 4 })
  t.ok(outputs.isFollowing('job'), 'it is still tried')
})

async function* abortable<T>(told: AsyncGenerator<T>, signal: AbortSignal): AsyncGenerator<T> {
  const aborted = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  for (;;) {
    const next = await Promise.race([told.next(), aborted])
    if (next === undefined || next.done === true) return
    yield next.value
  }
}
