import type { NewNotice, Notice } from './notice.ts'

/**
 * The notices of administrators. Every method throws AtelierError DATABASE_UNAVAILABLE when the database does not answer.
 * After each change the store sends a hint of kind `notice`, in a statement of its own after the commit.
 */
export interface NoticeStore {
  /** Those whose time is not over. */
  current(): Promise<readonly Notice[]>
  /** Also those of a time that is over. */
  all(): Promise<readonly Notice[]>
  insert(id: string, by: string, notice: NewNotice): Promise<Notice>
  /** Undefined if there is none of this id. */
  update(id: string, changes: Partial<NewNotice>): Promise<Notice | undefined>
  /** False if there was none of this id. */
  remove(id: string): Promise<boolean>
}

/** What a listener of hints is told; hints may be late, doubled or lost, so `resync` means: read everything again. */
export interface NoticeHints {
  changed(id: string): void
  resync(): void
}
