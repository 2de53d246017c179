import { z } from 'zod'
import { LOG_LEVELS } from '../log.ts'

/** What a person is told of a key, beside what its schema says: the example file and messages are made from it. */
export interface KeyFacts {
  /** What the key decides, in sentences. */
  readonly description: string
  readonly unit?: 'seconds' | 'requests per minute' | 'sign-ins per minute'
  /** What holds without the key, for one that has no default or whose default differs between machines. */
  readonly otherwise?: string
  /** A value for the example file, for a key with `otherwise`. */
  readonly example?: string | readonly string[]
  /** What the value must be, where the schema's own words do not tell. */
  readonly right?: string
  /** Its value is never shown, and may be kept in a file that the key with `_file` at its end names. */
  readonly secret?: true
  /** Taken over on SIGHUP; every other key needs a restart. */
  readonly reloadable?: true
}

/** The facts of each key, by its schema. */
export const KEY_FACTS = z.registry<KeyFacts>()

const absolutePath = z.string().startsWith('/')
const ABSOLUTE_PATH = 'an absolute path, such as "/srv/atelier"'

const seconds = (standard: number, description: string) =>
  z
    .number()
    .positive()
    .max(86_400)
    .default(standard)
    .register(KEY_FACTS, { description, unit: 'seconds', reloadable: true })

const perMinute = (standard: number, what: 'requests' | 'sign-ins', description: string) =>
  z
    .int()
    .positive()
    .max(1_000_000)
    .default(standard)
    .register(KEY_FACTS, { description, unit: `${what} per minute`, reloadable: true })

const languagePlaces = (language: string, example: string) =>
  z
    .strictObject({
      paths: z
        .array(z.string().regex(/^(~\/|\/)/))
        .default([])
        .register(KEY_FACTS, {
          description: `Where else to look for ${language}: programs, environments or patterns of them.`,
          otherwise: 'only the usual places',
          example: [example],
          right: 'a list of paths that begin with / or ~/',
        }),
      modules: z
        .array(z.string().min(1))
        .default([])
        .register(KEY_FACTS, {
          description: `Environment modules that bring ${language}.`,
          otherwise: 'none',
          example: [`${language.toLowerCase()}/latest`],
          right: 'a list of names of modules',
        }),
    })
    .prefault({})

/** The configuration file. `data.directory` has its default from the caller, as it depends on the account. */
export const configSchema = z.strictObject({
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
  node: z
    .strictObject({
      name: z.string().min(1).max(63).optional().register(KEY_FACTS, {
        description: 'The name of this node.',
        otherwise: "the host's name at the first start",
        example: 'node-1',
      }),
    })
    .prefault({}),
  launcher: z
    .strictObject({
      user: z.string().min(1).optional().register(KEY_FACTS, {
        description: 'The account that sessions run as; only root can run them as another.',
        otherwise:
          'the account that starts Atelier; for root the one that called sudo, or atelier-user',
        example: 'alice',
      }),
    })
    .prefault({}),
  ides: z
    .strictObject({
      directory: absolutePath.optional().register(KEY_FACTS, {
        description: 'Where IDEs are installed.',
        otherwise: 'the folder ides in data.directory',
        example: '/opt/atelier/ides',
        right: ABSOLUTE_PATH,
      }),
      install: z.boolean().default(true).register(KEY_FACTS, {
        description: 'Whether atelier start installs the IDEs that are missing.',
      }),
      rserver: absolutePath.optional().register(KEY_FACTS, {
        description: "RStudio Server's program, 2024.12 or newer; Atelier does not install it.",
        otherwise: 'rserver on the path of the system, or /usr/lib/rstudio-server/bin/rserver',
        example: '/opt/rstudio-server/bin/rserver',
        right: ABSOLUTE_PATH,
      }),
    })
    .prefault({}),
  python: languagePlaces('Pythons', '~/venvs/*'),
  r: languagePlaces('Rs', '/opt/R/*'),
  sessions: z
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
    })
    .prefault({}),
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
        'How many sign-ins, and requests with an API token, may fail from one client address.',
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

/** The whole configuration, checked, with defaults filled in. */
export type Config = z.infer<typeof configSchema>
