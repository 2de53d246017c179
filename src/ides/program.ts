/** An IDE that can be started: found below Atelier's folder or on the system. */
export interface Program {
  /** The absolute words that start it. */
  readonly words: readonly [string, ...string[]]
  /** Folder with its own commands, to stand first in a session's PATH; null for one of the system. */
  readonly binDirectory: string | null
  readonly version: string | null
}

/** Finds an IDE's program; throws AtelierError IDE_MISSING or IDE_INSTALLING with what to do about it. */
export type FindProgram = () => Promise<Program>
