import t from 'tap'
import type { JobSpec } from '../../src/launcher/job.ts'
import type { PluginProcess } from '../../src/launcher/plugin-process.ts'
import { Submissions } from '../../src/launcher/submissions.ts'

const MEMORY = { type: 'memory', value: '64' }
const PROCESSES = { type: 'processes', value: '99' }
const NICE = { type: 'nice', value: '5' }

/** What a plugin that lists these limits is asked when a job with `resourceLimits` is submitted. */
async function asked(resourceLimits: JobSpec['resourceLimits'], listed: readonly object[] = []) {
  const requests: { messageType: number; job?: { resourceLimits: unknown } }[] = []
  const answers: Readonly<Record<number, object>> = {
    2: { jobs: [{ id: 'job-1', user: 'ada' }] },
    3: { jobs: [] },
    9: { resourceLimits: listed },
  }
  const plugin = {
    request: async (request: (typeof requests)[number]) => {
      requests.push(request)
      return answers[request.messageType]
    },
  } as unknown as PluginProcess
  const spec = { user: 'ada', tags: [], environment: {}, resourceLimits } as unknown as JobSpec
  await new Submissions({ plugin }).submit(spec, 'key')
  const told = requests.find(({ messageType }) => messageType === 2)?.job?.resourceLimits
  return { told, askedForInfo: requests.some(({ messageType }) => messageType === 9) }
}

t.test('a plugin is told of our own limits only if it lists them', async (t) => {
  const all = [MEMORY, PROCESSES, NICE]
  const listed = [{ type: 'memory' }, { type: 'processes' }]
  t.same(await asked(all, listed), { told: [MEMORY, PROCESSES], askedForInfo: true })
  t.same(await asked(all), { told: [MEMORY], askedForInfo: true })
})

t.test('a plugin is not asked what it knows if there is nothing but Posit’s limits', async (t) => {
  t.same(await asked([MEMORY], []), { told: [MEMORY], askedForInfo: false })
  t.same(await asked(undefined), { told: [], askedForInfo: false })
})
