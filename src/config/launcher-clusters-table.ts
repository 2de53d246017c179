import { z } from 'zod'
import { LOG_LEVELS } from '../log.ts'
import { ABSOLUTE_PATH, absolutePath, KEY_FACTS } from './key-facts.ts'

const oneLine = z.string().regex(/^[^\r\n]*$/)

/** `[launcher.clusters.NAME]`: the plugins that run jobs, each for one Launcher cluster. */
export const launcherClustersTable = z
  .record(
    z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/),
    z
      .strictObject({
        type: z.enum(['local', 'plugin']).default('plugin').register(KEY_FACTS, {
          description:
            "Who runs its jobs: this machine (local), or any program that speaks Posit's Launcher Plugin API 3 (plugin).",
        }),
        exe: absolutePath.optional().register(KEY_FACTS, {
          description: 'The program of its plugin, of type "plugin".',
          otherwise: "Atelier's own, which there is for type local only",
          example: '/opt/plugins/slurm-plugin',
          right: ABSOLUTE_PATH,
        }),
        args: z
          .array(oneLine)
          .default([])
          .register(KEY_FACTS, {
            description:
              "What its plugin is told on the command line beside the flags that every plugin written with Posit's SDKs knows.",
            otherwise: 'nothing',
            example: ['--verbose=1'],
            right: 'a list of arguments, such as ["--verbose=1"]',
          }),
        config_file: absolutePath.optional().register(KEY_FACTS, {
          description: "Its plugin's own configuration, which it is told by --config-file.",
          otherwise: 'where its plugin looks by itself; it is not told --config-file',
          example: '/etc/atelier/launcher.slurm.conf',
          right: ABSOLUTE_PATH,
        }),
        scratch_path: absolutePath.optional().register(KEY_FACTS, {
          description: 'Where its plugin keeps what it must remember.',
          otherwise: 'jobs-NAME in data.directory; jobs for the cluster Local',
          example: '/var/lib/atelier/slurm',
          right: ABSOLUTE_PATH,
        }),
        heartbeat_interval_seconds: z.int().min(0).max(3600).default(5).register(KEY_FACTS, {
          description:
            'How often its plugin is asked for a sign of life; one that says nothing for three times as long is started again. 0 is never.',
          unit: 'seconds',
        }),
        request_timeout_seconds: z.number().positive().max(3600).default(30).register(KEY_FACTS, {
          description: 'How long its plugin may take to answer a request.',
          unit: 'seconds',
        }),
        bootstrap_timeout_seconds: z
          .number()
          .positive()
          .max(3600)
          .default(120)
          .register(KEY_FACTS, {
            description: 'How long its plugin may take to begin.',
            unit: 'seconds',
          }),
        job_expiry_hours: z.int().min(0).max(87_600).default(24).register(KEY_FACTS, {
          description: 'For how many hours its plugin tells jobs that have ended.',
        }),
        max_message_size: z.int().min(65_536).max(268_435_456).optional().register(KEY_FACTS, {
          description:
            'The most bytes of a message to and from its plugin, which is told --max-message-size.',
          otherwise: '5242880, which every plugin knows; it is not told --max-message-size',
          example: 5_242_880,
        }),
        metrics_interval_seconds: z.int().min(0).max(86_400).optional().register(KEY_FACTS, {
          description:
            'How often its plugin reports how it is; 0 is never. It is told --plugin-metrics-interval-seconds.',
          unit: 'seconds',
          otherwise: 'as often as its plugin does so by itself',
          example: 60,
        }),
        log_level: z.enum(LOG_LEVELS).optional().register(KEY_FACTS, {
          description: 'What its plugin logs, which it is told by --log-level.',
          otherwise:
            'what its plugin logs by itself, for type local what log.level says; it is not told --log-level',
          example: 'warn',
        }),
        debug: z.boolean().default(false).register(KEY_FACTS, {
          description: 'Whether its plugin logs everything (--enable-debug-logging).',
        }),
        unprivileged: z.boolean().optional().register(KEY_FACTS, {
          description:
            'Whether its plugin runs jobs of its own account only, without rights of root (--unprivileged).',
          otherwise: 'it does if the Launcher itself is not root',
          example: false,
        }),
      })
      .superRefine(({ type, exe }, context) => {
        if (type === 'plugin' && exe === undefined) {
          context.addIssue({
            code: 'custom',
            path: ['exe'],
            message: 'is missing; name the program of the plugin',
          })
        }
        if (type === 'local' && exe !== undefined) {
          context.addIssue({ code: 'custom', path: ['exe'], message: 'is for type "plugin" only' })
        }
      }),
  )
  .default({})
