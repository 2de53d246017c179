import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'smol-toml'
import t from 'tap'
import { exampleConfig } from '../../src/config/example.ts'
import { configKeys, valueOf } from '../../src/config/keys.ts'
import { loadConfig } from '../../src/config/load.ts'
import { namedTable } from '../../src/config/named-tables.ts'
import { configSchema } from '../../src/config/schema.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

t.test('atelier.example.toml is what "atelier config example" prints', (t) => {
  t.equal(readFileSync(join(root, 'atelier.example.toml'), 'utf8'), exampleConfig())
  t.end()
})

t.test(
  'as it is it changes nothing; with all its keys it is right, and tells the defaults',
  (t) => {
    t.strictSame(
      configSchema.parse({ ...parse(exampleConfig()), data: { directory: '/d' } }),
      loadConfig({ dataDirectory: '/d' }),
    )
    const uncommented = exampleConfig()
      .replaceAll(/^# (?=[a-z_]+ = |\[)/gm, '')
      .replaceAll(/^(url|proxied_secret)_file = .*$/gm, '')
    const config = configSchema.parse(parse(uncommented))
    for (const key of configKeys()) {
      const expected = key.example ?? key.standard
      t.same(
        valueOf(config, key),
        key.named ? { [namedTable(key.table).example]: expected } : expected,
        `${key.name} is in the file`,
      )
    }
    t.end()
  },
)

t.test('every key is read somewhere', (t) => {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('config/'))
    .map((file) => readFileSync(join(root, 'src', file), 'utf8'))
    .join('\n')
  for (const { table, key, name, named } of configKeys()) {
    if (named) {
      const path = table.split('.').map((part) => String.raw`\['${part}'\]`)
      t.match(sources, new RegExp(String.raw`${path.join('')}[^]*\{[^}]*\b${key}\b[^}]*\}`), name)
      continue
    }
    const from = String.raw`config\.${table}\b`
    const read = new RegExp(String.raw`\b${from}\.${key}\b|\{[^}]*\b${key}\b[^}]*\} = ${from}`)
    t.match(sources, read, name)
  }
  t.end()
})
