import assert from 'node:assert/strict'
import fc from 'fast-check'
import { parse } from 'smol-toml'
import t from 'tap'
import { keyLines, lineOf, type KeyLine, type TomlPath } from '../../src/config/key-lines.ts'
import { tomlDocuments, written } from './fixtures/toml-documents.ts'

t.test('each key, table and element is found in its line', (t) => {
  const text = `# a comment with [brackets]
top = 1
"quo.ted" = 'it is # no comment'

[server]   # [no.header]
host.name = "a"
'b c' = { x = 1, y = [1,
  2] }
text = """
[not.a.table]
key = "no key" \\""" still """
list = [ # comment ]
  "a]", 'b',
  { z = 1979-05-27 07:32:00 },
]
[[user]]
name = "one"
[user.home]
path = ''
[[user]]
name = "two"
`
  const expected: [path: TomlPath, line: number][] = [
    [['top'], 2],
    [['quo.ted'], 3],
    [['server'], 5],
    [['server', 'host', 'name'], 6],
    [['server', 'b c'], 7],
    [['server', 'b c', 'x'], 7],
    [['server', 'b c', 'y'], 7],
    [['server', 'b c', 'y', 0], 7],
    [['server', 'b c', 'y', 1], 8],
    [['server', 'text'], 9],
    [['server', 'list'], 12],
    [['server', 'list', 0], 13],
    [['server', 'list', 1], 13],
    [['server', 'list', 2], 14],
    [['server', 'list', 2, 'z'], 14],
    [['user'], 16],
    [['user', 0], 16],
    [['user', 0, 'name'], 17],
    [['user', 0, 'home'], 18],
    [['user', 0, 'home', 'path'], 19],
    [['user', 1], 20],
    [['user', 1, 'name'], 21],
  ]
  const found = keyLines(text)
  t.strictSame(
    found,
    expected.map(([path, line]) => ({ path, line })),
  )
  t.equal(lineOf(found, ['server', 'host']), 6, 'a table that is only written by what is in it')
  t.equal(lineOf(found, ['server', 'port']), undefined)
  t.end()
})

t.test('whatever smol-toml understands is found, each in its line', (t) => {
  fc.assert(
    fc.property(tomlDocuments, fc.constantFrom('\n', '\r\n'), (document, lineEnd) => {
      const { text, expected } = written(document)
      const file = text.replaceAll('\n', lineEnd)
      const parsed = parse(file)
      for (const { path } of expected) assert.notEqual(valueAt(parsed, path), undefined)
      assert.deepEqual(sorted(keyLines(file)), sorted(expected))
    }),
    { numRuns: 300 },
  )
  t.end()
})

t.test('it comes to an end with anything', (t) => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'[]{}=,.#"\'\n ab1\\'.split('')) }),
      (text) => {
        keyLines(text)
      },
    ),
  )
  t.end()
})

function valueAt(value: unknown, path: TomlPath): unknown {
  return path.reduce((here: unknown, part) => (here as Record<string, unknown>)[part], value)
}

function sorted(lines: readonly KeyLine[]): readonly string[] {
  return lines.map(({ path, line }) => `${line} ${JSON.stringify(path)}`).toSorted()
}
