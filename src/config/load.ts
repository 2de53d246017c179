import { readFileSync } from 'node:fs'
import { parse, TomlError } from 'smol-toml'
import { ConfigError } from '../config.ts'
import { describeIssues } from './describe-issues.ts'
import { keyLines, lineOf, type KeyLine, type TomlPath } from './key-lines.ts'
import { configSchema, type Config } from './schema.ts'
import { readSecretFiles, whyUnread, type Mistake } from './secret-files.ts'
import { isTable, merge, readSetting, sets, type Setting, type Table } from './settings.ts'

/** Where the configuration comes from. */
export interface ConfigSources {
  readonly file?: string | undefined
  /** `key=value` each; the last one wins, and all win over the file. */
  readonly settings?: readonly string[]
  /** The default of `data.directory`. */
  readonly dataDirectory: string
}

/**
 * Reads the configuration: defaults, then the TOML file, then settings. Throws ConfigError with all mistakes at once, each
 * with its place, its key, what is wrong and what would be right.
 */
export function loadConfig({ file, settings = [], dataDirectory }: ConfigSources): Config {
  const document = readDocument(file)
  const problems = [...document.problems]
  const applied: Setting[] = []
  for (const text of settings) {
    const setting = readSetting(text)
    if (setting) applied.push(setting)
    else problems.push(`--set ${text}: write it as key=value, for example server.port=8080`)
  }
  const raw = document.table
  for (const { table } of applied) merge(raw, table)
  const secrets = readSecretFiles(raw)
  const data = (raw['data'] ??= {})
  if (isTable(data)) data['directory'] ??= dataDirectory

  const result = configSchema.safeParse(raw)
  const issues = result.success ? [] : describeIssues(result.error.issues, raw)
  problems.push(...inOrder([...secrets, ...issues], { file, lines: document.lines, applied }))
  if (result.success && problems.length === 0) return result.data
  throw new ConfigError(problems)
}

interface Document {
  readonly table: Table
  readonly lines: readonly KeyLine[]
  readonly problems: readonly string[]
}

function readDocument(file: string | undefined): Document {
  if (file === undefined) return { table: {}, lines: [], problems: [] }
  try {
    const text = readFileSync(file, 'utf8')
    return { table: parse(text), lines: keyLines(text), problems: [] }
  } catch (error) {
    const problem =
      error instanceof TomlError
        ? `${file}, line ${error.line}: ${error.message.split('\n')[0]}`
        : `${file}: the file ${whyUnread(error)}`
    return { table: {}, lines: [], problems: [problem] }
  }
}

interface Places {
  readonly file: string | undefined
  readonly lines: readonly KeyLine[]
  readonly applied: readonly Setting[]
}

function inOrder(mistakes: readonly Mistake[], places: Places): string[] {
  return mistakes
    .map(({ path, says }) => ({ ...placeOf(path, places), says: `${path.join('.')}: ${says}` }))
    .sort((a, b) => a.line - b.line)
    .map(({ place, says }) => `${place}${says}`)
}

// What is not written where its name says may be written as `<key>_file`, or be missing in a table that is.
function placeOf(
  path: TomlPath,
  { file, lines, applied }: Places,
): { place: string; line: number } {
  for (const candidate of [
    path,
    [...path.slice(0, -1), `${path.at(-1)}_file`],
    path.slice(0, -1),
  ]) {
    if (candidate.length === 0) break
    const setting = applied.findLast(({ table }) => sets(table, candidate))
    if (setting) return { place: `--set ${keyOf(setting)}: `, line: Infinity }
    const line = lineOf(lines, candidate)
    if (line !== undefined) return { place: `${file}, line ${line}: `, line }
  }
  return { place: '', line: 0 }
}

// Without the value, which may be a secret.
function keyOf({ text }: Setting): string {
  return text.slice(0, text.indexOf('='))
}
