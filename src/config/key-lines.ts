import { parse } from 'smol-toml'

/** Where something is in a TOML document: the keys that lead to it, and the places in lists. */
export type TomlPath = readonly (string | number)[]

/** A key, table or element, and the line where it is written, counted from 1. */
export interface KeyLine {
  readonly path: TomlPath
  readonly line: number
}

/** Finds the lines of all keys in a document that smol-toml has understood; it gives no positions itself. */
export function keyLines(toml: string): readonly KeyLine[] {
  return new Scanner(toml).document()
}

/** The line of what `path` names; of the first thing in it for a table that is not written itself. */
export function lineOf(lines: readonly KeyLine[], path: TomlPath): number | undefined {
  const inside = lines.filter((each) => path.every((part, index) => each.path[index] === part))
  const exact = inside.find((each) => each.path.length === path.length)
  return (exact ?? inside[0])?.line
}

const BLANK = /(?:[ \t\r\n]|#[^\n]*)*/y
const DOT = /[ \t]*\.[ \t]*/y
const EQUALS = /[ \t]*=[ \t]*/y
const BARE_KEY = /[A-Za-z0-9_-]+/y
const BARE_VALUE = /[^,\]}#\r\n]+/y
const STRINGS = [
  /"""(?:[^"\\]|\\[^]|"{1,2}(?!"))*"{3,5}/y,
  /'''(?:[^']|'{1,2}(?!'))*'{3,5}/y,
  /"(?:[^"\\\n]|\\.)*"/y,
  /'[^'\n]*'/y,
]

class Scanner {
  readonly #text: string
  readonly #found: KeyLine[] = []
  /** How many tables each list of tables has so far. */
  readonly #lists = new Map<string, number>()
  #at = 0
  #line = 1
  #lineAt = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): readonly KeyLine[] {
    let table: TomlPath = []
    for (this.#take(BLANK); this.#at < this.#text.length; this.#take(BLANK)) {
      const start = this.#at
      if (this.#skip('[[')) table = this.#listHeader()
      else if (this.#skip('[')) table = this.#header()
      else this.#keyAndValue(table)
      // Only what smol-toml would have refused can make no progress.
      if (this.#at === start) break
    }
    return this.#found
  }

  #header(): TomlPath {
    this.#take(BLANK)
    const line = this.#lineHere()
    const path = this.#throughLists(this.#key())
    this.#take(BLANK)
    this.#skip(']')
    this.#found.push({ path, line })
    return path
  }

  #listHeader(): TomlPath {
    this.#take(BLANK)
    const line = this.#lineHere()
    const key = this.#key()
    const list = [...this.#throughLists(key.slice(0, -1)), ...key.slice(-1)]
    const index = this.#lists.get(JSON.stringify(list)) ?? 0
    this.#lists.set(JSON.stringify(list), index + 1)
    this.#take(BLANK)
    this.#skip(']]')
    if (index === 0) this.#found.push({ path: list, line })
    this.#found.push({ path: [...list, index], line })
    return [...list, index]
  }

  // A header that leads through a list of tables means the last of them.
  #throughLists(key: readonly string[]): TomlPath {
    const path: (string | number)[] = []
    for (const part of key) {
      path.push(part)
      const length = this.#lists.get(JSON.stringify(path))
      if (length !== undefined) path.push(length - 1)
    }
    return path
  }

  #keyAndValue(table: TomlPath): void {
    const line = this.#lineHere()
    const path = [...table, ...this.#key()]
    this.#found.push({ path, line })
    this.#take(EQUALS)
    this.#value(path)
  }

  #key(): string[] {
    const parts: string[] = []
    do parts.push(this.#keyPart())
    while (this.#take(DOT) !== '')
    return parts
  }

  #keyPart(): string {
    const quoted = this.#string()
    if (quoted !== '') return unquoted(quoted)
    return this.#take(BARE_KEY)
  }

  #value(path: TomlPath): void {
    if (this.#skip('[')) this.#list(path)
    else if (this.#skip('{')) this.#inlineTable(path)
    else if (this.#string() === '') this.#take(BARE_VALUE)
  }

  #list(path: TomlPath): void {
    this.#separated(']', (index) => {
      this.#found.push({ path: [...path, index], line: this.#lineHere() })
      this.#value([...path, index])
    })
  }

  #inlineTable(path: TomlPath): void {
    this.#separated('}', () => this.#keyAndValue(path))
  }

  #separated(end: string, read: (index: number) => void): void {
    this.#take(BLANK)
    for (let index = 0; this.#at < this.#text.length && !this.#skip(end); index++) {
      const start = this.#at
      read(index)
      this.#take(BLANK)
      if (this.#skip(',')) this.#take(BLANK)
      if (this.#at === start) return
    }
  }

  #string(): string {
    for (const kind of STRINGS) {
      const text = this.#take(kind)
      if (text !== '') return text
    }
    return ''
  }

  #take(what: RegExp): string {
    what.lastIndex = this.#at
    const text = what.exec(this.#text)?.[0] ?? ''
    this.#at += text.length
    return text
  }

  #skip(what: string): boolean {
    if (!this.#text.startsWith(what, this.#at)) return false
    this.#at += what.length
    return true
  }

  #lineHere(): number {
    for (; this.#lineAt < this.#at; this.#lineAt++) {
      if (this.#text[this.#lineAt] === '\n') this.#line++
    }
    return this.#line
  }
}

function unquoted(key: string): string {
  try {
    return Object.keys(parse(`${key} = 0`))[0] ?? key
  } catch {
    // Not a key, as smol-toml would have said of the document.
    return key
  }
}
