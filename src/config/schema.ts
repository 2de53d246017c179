import { z } from 'zod'
import { LOG_LEVELS } from '../log.ts'

/** What a person is told of a key, beside what its schema says: the example file and messages are made from it. */
export interface KeyFacts {
  /** What the key decides, in sentences. */
  readonly description: string
  readonly unit?: 'seconds' | 'MiB' | 'requests per minute' | 'sign-ins per minute'
  /** What holds without the key, for one that has no default or whose default differs between machines. */
  readonly otherwise?: string
  /** A value for the example file, for a key with `otherwise`. */
  readonly example?: string | number | boolean | readonly string[]
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

const nodeUrl = z.string().regex(/^https?:\/\/[^\s/?#@]+$/)
const A_URL = 'a URL of scheme, host and port, such as "http://node-1.example.com:8787"'

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

const YEAR_SECONDS = 365 * 86_400

const secondsOrNever = (standard: number, description: string) =>
  z
    .number()
    .min(0)
    .max(YEAR_SECONDS)
    .default(standard)
    .register(KEY_FACTS, { description, unit: 'seconds', reloadable: true })

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
      url: nodeUrl.optional().register(KEY_FACTS, {
        description: 'Where the other nodes of a cluster reach this one.',
        otherwise:
          "the host's name, if the others can resolve it, else the address that reaches the database",
        example: 'http://node-1.example.com:8787',
        right: A_URL,
      }),
    })
    .prefault({}),
  cluster: z
    .strictObject({
      enabled: z.boolean().default(false).register(KEY_FACTS, {
        description:
          'Whether this node forms a cluster with all others on the same database (database.url) that have the same cluster key.',
      }),
      key_file: absolutePath.optional().register(KEY_FACTS, {
        description:
          'The file with the cluster key, the same on every node. The first node makes it; copy it to the others.',
        otherwise: 'cluster.key in data.directory',
        example: '/etc/atelier/cluster.key',
        right: ABSOLUTE_PATH,
      }),
      seeds: z
        .array(z.string().regex(/^[^\s/]+:\d{1,5}$/))
        .default([])
        .register(KEY_FACTS, {
          description:
            'Where the gossip of other nodes answers. The nodes that the database knows are found without it.',
          otherwise: 'none',
          example: ['node-1.example.com:7946'],
          right: 'a list of host:port',
        }),
      lease_seconds: z.number().min(5).max(3600).default(40).register(KEY_FACTS, {
        description:
          'For how long a node may be out of touch with the database, and with the other nodes, until its sessions count as lost.',
        unit: 'seconds',
      }),
    })
    .prefault({}),
  gossip: z
    .strictObject({
      host: z.string().min(1).optional().register(KEY_FACTS, {
        description: 'The IP address of this server at which it gossips with other nodes (UDP).',
        otherwise: 'the address at which the other nodes reach this one',
        example: '10.0.0.1',
      }),
      port: z.int().min(0).max(65_535).default(7946).register(KEY_FACTS, {
        description: 'The UDP port of the gossip; 0 takes any that is free.',
      }),
      key_file: absolutePath.optional().register(KEY_FACTS, {
        description:
          'A file with keys of 32 bytes in base64, one in a line: the first seals the gossip, all open it, so that a key can be changed while the cluster runs.',
        otherwise: 'a key that is made from the cluster key',
        example: '/etc/atelier/gossip.keys',
        right: ABSOLUTE_PATH,
      }),
    })
    .prefault({}),
  peer: z
    .strictObject({
      port: z.int().min(1).max(65_535).optional().register(KEY_FACTS, {
        description:
          'The port at which this node answers the other nodes of a cluster by TLS; node.url is then https with this port.',
        otherwise: 'none: nodes reach each other at server.port, without TLS',
        example: 8788,
      }),
      certificate_file: absolutePath.optional().register(KEY_FACTS, {
        description:
          "The certificate that this node shows other nodes, in PEM; it names node.url's host.",
        otherwise: 'none',
        example: '/etc/atelier/node.pem',
        right: ABSOLUTE_PATH,
      }),
      key_file: absolutePath.optional().register(KEY_FACTS, {
        description: 'The key of that certificate, in PEM.',
        otherwise: 'none',
        example: '/etc/atelier/node.key',
        right: ABSOLUTE_PATH,
      }),
      ca_file: absolutePath.optional().register(KEY_FACTS, {
        description:
          'The certificates of those who sign the certificates of nodes, and of nodes alone, in PEM.',
        otherwise: 'none',
        example: '/etc/atelier/nodes-ca.pem',
        right: ABSOLUTE_PATH,
      }),
    })
    .prefault({}),
  routing: z
    .strictObject({
      mode: z.enum(['load-balancer', 'single-node']).default('load-balancer').register(KEY_FACTS, {
        description:
          'load-balancer: every node takes browsers, and a load balancer stands in front. single-node: one node takes browsers and reaches the sessions of the others; these lead browsers to it.',
      }),
      public_url: nodeUrl.optional().register(KEY_FACTS, {
        description: 'The address of the cluster for browsers.',
        otherwise: 'in single-node mode the URL of the node that takes browsers',
        example: 'https://workbench.example.com',
        right: A_URL,
      }),
      node: z.string().min(1).max(63).optional().register(KEY_FACTS, {
        description: 'The name of the node that takes browsers in single-node mode.',
        otherwise: 'the node that was the first in the cluster',
        example: 'node-1',
      }),
      direct: z.boolean().optional().register(KEY_FACTS, {
        description:
          "Whether a node answers browsers that use its own address; otherwise it leads them to the cluster's.",
        otherwise: 'true in load-balancer mode, false in single-node mode',
        example: true,
        right: 'true or false',
      }),
    })
    .prefault({}),
  placement: z
    .strictObject({
      strategy: z
        .enum(['sessions', 'system-load', 'user-hash', 'random', 'custom'])
        .default('sessions')
        .register(KEY_FACTS, {
          description:
            'Which node gets a new session. sessions: the one with the fewest; system-load: the one with the least load per processor; user-hash: the same one for the same user; random; custom: what placement.program says.',
        }),
      program: absolutePath.optional().register(KEY_FACTS, {
        description:
          'The program that chooses a node: it is told ATELIER_USER and ATELIER_NODES (names with commas) by its environment, and prints one of the names.',
        otherwise: 'none; the strategy custom needs one',
        example: '/usr/local/bin/place-session',
        right: ABSOLUTE_PATH,
      }),
      timeout_seconds: z.number().positive().max(60).default(2).register(KEY_FACTS, {
        description:
          'How long that program may take; after that the session is placed by the strategy sessions.',
        unit: 'seconds',
      }),
    })
    .refine(({ strategy, program }) => strategy !== 'custom' || program !== undefined, {
      path: ['program'],
      error: 'is missing; the strategy custom needs the absolute path of a program that chooses',
      // Beside a mistake in another key, so that all are told at once.
      when: ({ issues }) => issues.every(({ path }) => path?.[0] === 'timeout_seconds'),
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
    .prefault({}),
  profiles: z
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
    .default({}),
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
