import { stringify } from 'smol-toml'
import { configKeys, configTables, type ConfigKey } from './keys.ts'
import { namedTable } from './named-tables.ts'

const WIDTH = 100

const INTRODUCTION = [
  "Atelier's configuration: every key there is, with its default. Made by: atelier config example",
  '',
  'Atelier reads the file that --config or ATELIER_CONFIG names, else /etc/atelier/atelier.toml; --set key=value overrules it. Check a change with: atelier config check. SIGHUP makes it read the file again: keys that say so are taken over, the others need a restart, which no session notices.',
].join('\n')

/** The example file: each key with its description and default, commented out. */
export function exampleConfig(): string {
  const tables = configTables().map((table) => {
    const keys = configKeys().filter((key) => key.table === table)
    return [...header(table, keys), ...keys.map(describeKey)].join('\n')
  })
  return `${comment(INTRODUCTION)}\n\n${tables.join('\n\n')}\n`
}

function header(table: string, keys: readonly ConfigKey[]): string[] {
  if (!keys.some(({ named }) => named)) return [`[${table}]`]
  const { introduction, example } = namedTable(table)
  return [comment(introduction), `# [${table}.${isBare(example) ? example : `"${example}"`}]`]
}

function isBare(key: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(key)
}

function describeKey(each: ConfigKey): string {
  const { key, description, otherwise, example, right, secret, reloadable } = each
  const lines = [
    description,
    `It must be ${right}.`,
    otherwise === undefined ? undefined : `Without it: ${otherwise}.`,
    reloadable && 'Taken over on SIGHUP.',
  ]
  const value = otherwise === undefined ? each.standard : example
  return [
    comment(lines.filter((line) => line !== undefined).join(' ')),
    `# ${stringify({ [key]: value }).trim()}`,
    ...(secret
      ? [
          comment(`Or the file that holds it, which not everybody may be able to read:`),
          `# ${key}_file = "/etc/atelier/${each.table}-${key}"`,
        ]
      : []),
  ].join('\n')
}

function comment(text: string): string {
  return text
    .split('\n')
    .flatMap(wrapped)
    .map((line) => `# ${line}`.trimEnd())
    .join('\n')
}

function wrapped(paragraph: string): string[] {
  const lines = ['']
  for (const word of paragraph.split(' ')) {
    const line = lines.at(-1) ?? ''
    if (line !== '' && line.length + word.length + 3 > WIDTH) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines
}
