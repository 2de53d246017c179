import { TextDecoder } from 'node:util'
import { AtelierError } from '../errors.ts'

/** What is in a folder. A link is what it leads to. */
export interface FolderEntry {
  readonly name: string
  /** `other` is what can be neither opened nor run, such as a link that leads nowhere. */
  readonly kind: 'directory' | 'file' | 'other'
  /** In bytes. */
  readonly size: number
  readonly modifiedAt: Date
}

/** A folder as somebody sees it: directories first, each by name. */
export interface FolderListing {
  readonly entries: readonly FolderEntry[]
  /** True if there are more than are told. */
  readonly more: boolean
}

/** The variable that names the folder to the script. */
export const FOLDER_VARIABLE = 'ATELIER_FOLDER'
/** As many entries as are told of one folder. */
export const MOST_ENTRIES = 2000

const MARK = 'atelier-folder'

/**
 * A script that lists the folder that FOLDER_VARIABLE names, as whoever runs it sees it. A name may hold any bytes but a
 * slash and NUL, which stand here between fields and after entries; the whole goes through the Launcher as base64.
 */
export const FOLDER_SCRIPT = `told() { printf '%s %s\\n' ${MARK} "$1"; exit 0; }
cd -- "$${FOLDER_VARIABLE}" 2>/dev/null || {
  if [ ! -e "$${FOLDER_VARIABLE}" ]; then told missing; fi
  if [ ! -d "$${FOLDER_VARIABLE}" ]; then told file; fi
  told closed
}
[ -r . ] || told closed
printf '%s ' ${MARK}
find . -mindepth 1 -maxdepth 1 \\( -xtype d -printf 'd%f/%Y/%s/%T@\\0' -o -printf 'f%f/%Y/%s/%T@\\0' \\) 2>/dev/null |
  LC_ALL=C sort -zf | head -zn ${MOST_ENTRIES + 1} | base64 -w0
echo ' end'
`

/** The listing that the script has printed. Throws FOLDER_NOT_FOUND, FOLDER_CLOSED, or LAUNCHER_UNAVAILABLE if it broke off. */
export function parseFolder(printed: string, path: string): FolderListing {
  const [, word = '', end] = new RegExp(`^${MARK} (\\S*)( end)?$`, 'm').exec(printed) ?? []
  if (word === 'missing') {
    throw new AtelierError('FOLDER_NOT_FOUND', `There is no ${path}, or you may not go there.`)
  }
  if (word === 'file') throw new AtelierError('FOLDER_NOT_FOUND', `${path} is not a folder.`)
  if (word === 'closed') throw new AtelierError('FOLDER_CLOSED', `You may not look into ${path}.`)
  if (end === undefined) {
    throw new AtelierError('LAUNCHER_UNAVAILABLE', `${path} could not be looked into as you.`)
  }
  const found = records(Buffer.from(word, 'base64')).flatMap(entryOf)
  return { entries: found.slice(0, MOST_ENTRIES).sort(inOrder), more: found.length > MOST_ENTRIES }
}

function records(bytes: Buffer): readonly Buffer[] {
  const all: Buffer[] = []
  for (let start = 0, end = 0; (end = bytes.indexOf(0, start)) >= 0; start = end + 1) {
    all.push(bytes.subarray(start, end))
  }
  return all
}

function entryOf(record: Buffer): readonly FolderEntry[] {
  const end = record.indexOf('/')
  const [type, size, seconds] = record
    .subarray(end + 1)
    .toString('latin1')
    .split('/')
  if (end < 1) return []
  const bytes = record.subarray(1, end)
  const kind = type === 'd' ? 'directory' : type === 'f' ? 'file' : 'other'
  // One that is no text can be shown, and never be asked for again.
  const name = bytes.toString('utf8')
  const modifiedAt = new Date(Math.round(Number(seconds) * 1000))
  return [{ name, kind: isText(bytes) ? kind : 'other', size: Number(size), modifiedAt }]
}

function isText(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

function inOrder(a: FolderEntry, b: FolderEntry): number {
  const first = Number(b.kind === 'directory') - Number(a.kind === 'directory')
  return (
    first || a.name.localeCompare(b.name, 'en', { numeric: true }) || (a.name < b.name ? -1 : 1)
  )
}
