import { z } from 'zod'
import { KEY_FACTS, seconds, secondsOrNever } from './key-facts.ts'

/** `[sessions]`: their times. */
export const sessionsTable = z
  .strictObject({
    start_timeout_seconds: seconds(
      120,
      'How long an IDE may take until it answers; then its session is Failed.',
    ),
    stop_timeout_seconds: seconds(
      15,
      'How long an IDE may take to stop when it is asked to; then it is killed.',
    ),
    idle_after_seconds: seconds(
      900,
      'A session that nobody has used for this long, and that computes nothing, is Idle.',
    ),
    stop_idle_after_seconds: secondsOrNever(
      28_800,
      'A session that nobody has used for this long, and that computed nothing, is stopped; 0 is never. An open tab is no use, and a session that computes is not stopped.',
    ),
    maximum_age_seconds: secondsOrNever(
      0,
      'A session this old is stopped, with a countdown before; 0 is never. This is the only limit that ends a session although it computes, which is why there is none unless you set one.',
    ),
    keep_at_most_seconds: secondsOrNever(
      604_800,
      'How far ahead the owner of a session may say until when it is to be kept, whatever the other limits; 0 is not at all.',
    ),
  })
  .prefault({})

/** `[profiles.NAME]`: resource profiles, by name. */
export const profilesTable = z
  .record(
    z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
    z.strictObject({
      title: z.string().min(1).max(60).optional().register(KEY_FACTS, {
        description: 'What people are shown of this profile, beside its limits.',
        otherwise: 'its name',
        example: 'Large',
        reloadable: true,
      }),
      cpus: z.number().min(0.01).max(10_000).optional().register(KEY_FACTS, {
        description: 'How many processors a session may use; it may be part of one.',
        otherwise: 'all of them',
        example: 4,
        reloadable: true,
      }),
      memory_mib: z.int().min(64).max(1_000_000_000).optional().register(KEY_FACTS, {
        description:
          'How much memory a session may use; the system ends a process of it that wants more. Where it gives us no cgroup, this holds for each single process, and processors are not limited.',
        unit: 'MiB',
        otherwise: 'all of it',
        example: 8192,
        reloadable: true,
      }),
    }),
  )
  .default({})
