/** One entry of a folder. */
export interface FileEntry {
  readonly name: string
  readonly kind: 'directory' | 'file' | 'other'
  /** In bytes; null for what has none. */
  readonly size: number | null
  /** ISO 8601; null if it is not known. */
  readonly modifiedAt: string | null
}

/** A folder of the user's files, as the API shows it. */
export interface FolderView {
  /** Absolute. */
  readonly path: string
  /** The folder above; null for the root. */
  readonly parent: string | null
  readonly entries: readonly FileEntry[]
  /** True if it holds more than is told. */
  readonly more: boolean
}
