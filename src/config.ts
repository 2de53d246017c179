import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { parse, TomlError } from 'smol-toml'
import { z } from 'zod'
import { systemCode } from './errors.ts'
import { LOG_LEVELS } from './log.ts'

const absolutePath = z.string().refine(isAbsolute, 'must be an absolute path')
const seconds = (standard: number) => z.number().positive().max(86_400).default(standard)

const languagePlaces = z
  .strictObject({
    paths: z.array(z.string().regex(/^(~\/|\/)/, 'must begin with / or ~/')).default([]),
    modules: z.array(z.string().min(1)).default([]),
  })
  .prefault({})

/** The configuration file: every key with its unit and default. `data.directory` has its default from the caller. */
const schema = z.strictObject({
  node: z.strictObject({ name: z.string().min(1).max(63).default(hostname()) }).prefault({}),
  server: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1'),
      port: z.number().int().min(0).max(65_535).default(8787),
    })
    .prefault({}),
  data: z.strictObject({ directory: absolutePath }),
  database: z.strictObject({ url: z.string().min(1).optional() }).prefault({}),
  launcher: z.strictObject({ user: z.string().min(1).optional() }).prefault({}),
  ides: z
    .strictObject({ directory: absolutePath.optional(), rserver: absolutePath.optional() })
    .prefault({}),
  python: languagePlaces,
  r: languagePlaces,
  sessions: z
    .strictObject({
      start_timeout_seconds: seconds(120),
      stop_timeout_seconds: seconds(15),
      idle_after_seconds: seconds(900),
    })
    .prefault({}),
  log: z.strictObject({ level: z.enum(LOG_LEVELS).default('info') }).prefault({}),
})

/** The whole configuration, checked, with defaults filled in. */
export type Config = z.infer<typeof schema>

/** What is wrong with the configuration: one sentence for each mistake, in `problems`. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/**
 * Reads the configuration: defaults, then the TOML file, then `settings` such as `server.port=0`.
 * Throws ConfigError with all mistakes at once.
 */
export function loadConfig(options: {
  file?: string | undefined
  settings?: readonly string[]
  dataDirectory: string
}): Config {
  const raw = options.file === undefined ? {} : readToml(options.file)
  for (const setting of options.settings ?? []) applySetting(raw, setting)
  const data = (raw['data'] ??= {})
  if (isTable(data)) data['directory'] ??= options.dataDirectory
  const result = schema.safeParse(raw)
  if (result.success) return result.data
  throw new ConfigError(result.error.issues.map(describeIssue))
}

/** Folders and sockets below the data directory, in one place. */
export function dataPaths(config: Config): {
  readonly clusterKey: string
  readonly ides: string
  readonly launcherSocket: string
  readonly launcherScratch: string
  readonly log: string
  readonly postgres: string
} {
  const { directory } = config.data
  return {
    clusterKey: join(directory, 'cluster.key'),
    ides: config.ides.directory ?? join(directory, 'ides'),
    launcherSocket: join(directory, 'launcher', 'launcher.sock'),
    launcherScratch: join(directory, 'jobs'),
    log: join(directory, 'log'),
    postgres: join(directory, 'postgres'),
  }
}

type Table = Record<string, unknown>

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readToml(file: string): Table {
  try {
    return parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error instanceof TomlError) {
      throw new ConfigError([`${file}, line ${error.line}: ${error.message.split('\n')[0]}`])
    }
    throw new ConfigError([`${file} cannot be read: ${systemCode(error) ?? 'unknown error'}`])
  }
}

function applySetting(table: Table, setting: string): void {
  const equals = setting.indexOf('=')
  const path = setting.slice(0, equals).split('.')
  const last = path.pop()
  if (equals < 1 || last === undefined || path.includes('__proto__')) {
    throw new ConfigError([`--set ${setting}: write it as key=value, for example server.port=8080`])
  }
  let here = table
  for (const key of path) {
    const next = (here[key] ??= {})
    if (!isTable(next)) throw new ConfigError([`--set ${setting}: ${key} is not a table`])
    here = next
  }
  here[last] = settingValue(setting.slice(equals + 1))
}

function settingValue(text: string): unknown {
  try {
    return parse(`value = ${text}`)['value']
  } catch {
    return text
  }
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const where = issue.path.join('.')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${where && `${where}.`}${key}: there is no such key`).join('\n')
  }
  return `${where}: ${issue.message}`
}
