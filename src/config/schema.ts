import { z } from 'zod'
import { LOG_LEVELS } from '../log.ts'
import { authTable, contradiction } from './auth-table.ts'
import {
  clusterTable,
  gossipTable,
  nodeTable,
  peerTable,
  placementTable,
  routingTable,
} from './cluster-tables.ts'
import { idesTable, pythonTable, rTable } from './ide-tables.ts'
import { ABSOLUTE_PATH, absolutePath, KEY_FACTS, perMinute } from './key-facts.ts'
import { jobsTable } from './jobs-table.ts'
import { launcherTable } from './launcher-table.ts'
import { limitsTable } from './limits-table.ts'
import { profilesTable, sessionsTable } from './session-tables.ts'

const tables = z.strictObject({
  server: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1').register(KEY_FACTS, {
        description:
          'The address to listen on. Atelier speaks plain HTTP: put it behind TLS before others can reach it.',
      }),
      port: z
        .int()
        .min(0)
        .max(65_535)
        .default(8787)
        .register(KEY_FACTS, { description: 'The port to listen on; 0 takes any that is free.' }),
    })
    .prefault({}),
  data: z.strictObject({
    directory: absolutePath.register(KEY_FACTS, {
      description:
        'Where the built-in database, IDEs, jobs, logs and the cluster key are kept, each in its own folder.',
      otherwise: '/var/lib/atelier for root, ~/.local/share/atelier for anybody else',
      example: '/var/lib/atelier',
      right: ABSOLUTE_PATH,
    }),
  }),
  database: z
    .strictObject({
      url: z
        .string()
        .regex(/^postgres(ql)?:\/\//)
        .optional()
        .register(KEY_FACTS, {
          description: 'The Postgres that holds the sessions, version 14 or newer.',
          otherwise: 'the Postgres that Atelier brings with it',
          example: 'postgres://atelier:password@db.example.com:5432/atelier',
          right: 'a URL such as "postgres://user:password@host:5432/database"',
          secret: true,
        }),
    })
    .prefault({}),
  node: nodeTable,
  cluster: clusterTable,
  gossip: gossipTable,
  peer: peerTable,
  routing: routingTable,
  placement: placementTable,
  auth: authTable,
  launcher: launcherTable,
  ides: idesTable,
  python: pythonTable,
  r: rTable,
  sessions: sessionsTable,
  profiles: profilesTable,
  jobs: jobsTable,
  limits: limitsTable,
  api: z
    .strictObject({
      requests_per_minute: perMinute(
        3000,
        'requests',
        'How many requests a user may make to the API.',
      ),
      sign_ins_per_minute: perMinute(
        30,
        'sign-ins',
        'How many sign-ins, and requests with an API token, may fail from one client address; of one account a third of it.',
      ),
    })
    .prefault({}),
  log: z
    .strictObject({
      level: z.enum(LOG_LEVELS).default('info').register(KEY_FACTS, {
        description: 'What is logged: everything of this level and those after it.',
        reloadable: true,
      }),
    })
    .prefault({}),
})

/** The configuration file. `data.directory` has its default from the caller, as it depends on the account. */
export const configSchema = tables.refine((config) => contradiction(config) === undefined, {
  path: ['launcher', 'user'],
  error: ({ input }) => contradiction(input as z.output<typeof tables>) ?? '',
  // Beside mistakes in other tables, so that all are told at once.
  when: ({ issues }) =>
    issues.every(({ path }) => {
      const [table] = path ?? []
      // Without a path there are no tables at all.
      return table !== undefined && table !== 'auth' && table !== 'launcher'
    }),
})

/** The whole configuration, checked, with defaults filled in. */
export type Config = z.infer<typeof configSchema>
