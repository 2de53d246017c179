import type { FileEntry } from './file-view.ts'
import { kindOfFile } from './runnable.ts'

/** What one looks for: a file that a job can run, or a folder. */
export type Wanted = 'script' | 'folder'

/** Which entries of a folder are shown, and how many are not because nobody would look for them. */
export interface ShownEntries {
  readonly entries: readonly FileEntry[]
  readonly hidden: number
}

/**
 * The entries with this text in their names, folders first, by name. Without `all` only folders and, among files, those that a
 * job can run, and none that begins with a dot.
 */
export function shownEntries(
  entries: readonly FileEntry[],
  { wanted, all, text }: { wanted: Wanted; all: boolean; text: string },
): ShownEntries {
  const usable = entries.filter(
    ({ kind, name }) =>
      (kind === 'directory' || wanted === 'script') &&
      (all || (!name.startsWith('.') && (kind === 'directory' || isScript(kind, name)))),
  )
  const found = text.trim().toLowerCase()
  return {
    entries: usable
      .filter(({ name }) => name.toLowerCase().includes(found))
      .toSorted((a, b) => Number(isFile(a)) - Number(isFile(b)) || NAMES.compare(a.name, b.name)),
    hidden: entries.length - usable.length,
  }
}

/** The path of an entry of a folder. */
export function pathOf(folder: string, name: string): string {
  return folder.endsWith('/') ? folder + name : `${folder}/${name}`
}

/** The folders from the root to this one: what each is called, and its path. */
export function crumbsOf(
  path: string,
): readonly { readonly name: string; readonly path: string }[] {
  const names = path.split('/').filter(Boolean)
  return [
    { name: '/', path: '/' },
    ...names.map((name, n) => ({ name, path: `/${names.slice(0, n + 1).join('/')}` })),
  ]
}

function isScript(kind: FileEntry['kind'], name: string): boolean {
  return kind === 'file' && kindOfFile(name) !== null
}

function isFile({ kind }: FileEntry): boolean {
  return kind !== 'directory'
}

// `run 9` before `run 10`, whatever the case.
const NAMES = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })
