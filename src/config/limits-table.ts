import { z } from 'zod'
import { IDE_NAMES } from '../sessions/session.ts'
import { KEY_FACTS } from './key-facts.ts'

// As the name service has them; those of groups may hold blanks.
const NAME = /^(\*|@[^\0:/\r\n]{1,255}|[^-@*\0:/\s][^\0:/\s]{0,255})$/
const YEAR_SECONDS = 365 * 86_400
const NO_LIMIT = 'what the other tables say of this user, else there is no limit'

/** `[limits."*"]`, `[limits."@GROUP"]`, `[limits.USER]`: what users may have, by whom it is for. */
export const limitsTable = z
  .record(
    z.string().regex(NAME),
    z.strictObject({
      sessions: z.int().min(0).max(1_000_000).optional().register(KEY_FACTS, {
        description:
          'How many sessions a user may have at a time, on all nodes together; one that is lost or is just being stopped counts.',
        otherwise: NO_LIMIT,
        example: 5,
        reloadable: true,
      }),
      jobs: z.int().min(0).max(1_000_000).optional().register(KEY_FACTS, {
        description:
          'How many jobs a user may have running at a time, on all nodes together; more wait for their turn. With 0 there are none.',
        otherwise: NO_LIMIT,
        example: 10,
        reloadable: true,
      }),
      jobs_waiting: z.int().min(0).max(1_000_000).optional().register(KEY_FACTS, {
        description:
          'How many jobs of a user may wait for their turn; more are refused. Without a limit of jobs, how many there may be that have not ended.',
        otherwise: 'what the other tables say of this user, else 1000',
        example: 100,
        reloadable: true,
      }),
      schedules: z.int().min(0).max(1_000_000).optional().register(KEY_FACTS, {
        description: 'How many schedules a user may have, also paused ones.',
        otherwise: 'what the other tables say of this user, else 100',
        example: 20,
        reloadable: true,
      }),
      cpus: z.number().min(0.01).max(10_000).optional().register(KEY_FACTS, {
        description:
          'How many processors a session may use at most: a resource profile that allows more is cut to it, and a session without a profile gets it.',
        otherwise: NO_LIMIT,
        example: 4,
        reloadable: true,
      }),
      memory_mib: z.int().min(64).max(1_000_000_000).optional().register(KEY_FACTS, {
        description: 'How much memory a session may use at most, likewise.',
        unit: 'MiB',
        otherwise: NO_LIMIT,
        example: 8192,
        reloadable: true,
      }),
      processes: z.int().min(16).max(4_194_304).optional().register(KEY_FACTS, {
        description:
          'How many processes and threads a session may have; an IDE by itself has some dozens. Where the system gives us no cgroup, all processes of the account count.',
        otherwise: NO_LIMIT,
        example: 1024,
        reloadable: true,
      }),
      open_files: z.int().min(64).max(1_000_000_000).optional().register(KEY_FACTS, {
        description: 'How many files each process of a session may have open.',
        otherwise: NO_LIMIT,
        example: 8192,
        reloadable: true,
      }),
      nice: z.int().min(0).max(19).optional().register(KEY_FACTS, {
        description: 'How far the processes of a session stand back behind others, as nice(1).',
        otherwise: NO_LIMIT,
        example: 5,
        reloadable: true,
      }),
      ides: z
        .array(z.enum(IDE_NAMES))
        .optional()
        .register(KEY_FACTS, {
          description: 'The IDEs that a user may start.',
          otherwise: 'what the other tables say of this user, else all of them',
          example: ['jupyterlab', 'vscode'],
          reloadable: true,
        }),
      profiles: z
        .array(z.string().min(1))
        .optional()
        .register(KEY_FACTS, {
          description: 'The resource profiles that a user may choose from; the first is the usual.',
          otherwise: 'what the other tables say of this user, else all of them',
          example: ['large'],
          reloadable: true,
        }),
      stop_idle_after_seconds: overriding('stop_idle_after_seconds'),
      maximum_age_seconds: overriding('maximum_age_seconds'),
    }),
  )
  .default({})

function overriding(key: 'stop_idle_after_seconds' | 'maximum_age_seconds') {
  return z
    .number()
    .min(0)
    .max(YEAR_SECONDS)
    .optional()
    .register(KEY_FACTS, {
      description: `Takes the place of sessions.${key} for a user, also for sessions that run already; 0 is never.`,
      unit: 'seconds',
      otherwise: `what the other tables say of this user, else sessions.${key}`,
      example: 3600,
      reloadable: true,
    })
}
