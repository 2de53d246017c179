import { z } from 'zod'
import { commandChoices, type AllowedCommands } from '../jobs/allowed-commands.ts'
import type { LivingJobs } from '../jobs/living-jobs.ts'
import type { LauncherClusters } from '../launcher/launcher.ts'
import type { Limits } from '../sessions/limits.ts'
import type { Api } from './api.ts'

/** What the choices for a job need. */
export interface JobChoiceParts {
  readonly launcher: Pick<LauncherClusters, 'status' | 'clusterInfo'>
  /** The commands that are allowed now. */
  readonly jobCommands: () => AllowedCommands
  readonly livingJobs: Pick<LivingJobs, 'running' | 'waiting'>
  readonly userLimits: Pick<Limits, 'of'>
}

const used = z.object({
  used: z.int().describe('How many you have.'),
  most: z.int().nullable().describe('As many as you may have; null for any number.'),
})

const choicesAnswer = z
  .object({
    clusters: z
      .array(
        z.object({
          name: z.string(),
          isDefault: z.boolean().describe('True for the one that is taken if none is named.'),
          available: z.boolean().describe('False while its plugin does not answer.'),
          queues: z.array(z.string()).describe('The queues that it has, if it has any.'),
        }),
      )
      .describe('The Launcher clusters.'),
    commands: z
      .array(
        z.object({
          name: z.string().describe('What it is submitted by.'),
          title: z.string().describe('What people are shown.'),
          arguments: z.boolean().describe('Whether it takes further arguments.'),
        }),
      )
      .describe('The commands that an administrator allows.'),
    limits: z.object({ running: used, waiting: used }).describe('On all nodes together.'),
  })
  .meta({ id: 'JobChoices', description: 'What a job can be submitted with.' })

const getJobChoices = {
  id: 'getJobChoices',
  method: 'get',
  path: '/job-choices',
  summary: 'What a job can be submitted with, and how many you may have',
  errors: ['LAUNCHER_UNAVAILABLE'],
  answers: { 200: { description: 'As it is now.', body: choicesAnswer } },
} as const

/** `GET /job-choices`: Launcher clusters, commands and limits. */
export function jobChoiceRoutes(api: Api, parts: JobChoiceParts): void {
  const { launcher, jobCommands, livingJobs, userLimits } = parts

  // A plugin that does not answer keeps nobody from submitting to another cluster.
  const queuesOf = async (name: string) =>
    launcher.clusterInfo(name).then(
      ({ queues }) => queues,
      () => [],
    )

  api.add('read', getJobChoices, async ({ user }) => {
    const [{ clusters }, limits] = await Promise.all([launcher.status(), userLimits.of(user)])
    const told = clusters.map(async ({ name, isDefault, state }) => {
      const available = state === 'Available'
      return { name, isDefault, available, queues: available ? await queuesOf(name) : [] }
    })
    return {
      status: 200,
      body: {
        clusters: await Promise.all(told),
        commands: commandChoices(jobCommands()),
        limits: {
          running: { used: livingJobs.running(user), most: limits.jobs },
          waiting: { used: livingJobs.waiting(user), most: limits.jobsWaiting },
        },
      },
    }
  })
}
