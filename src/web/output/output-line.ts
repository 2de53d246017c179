/** Which stream a line came on; `mixed` has something of both. */
export type LineType = 'stdout' | 'stderr' | 'mixed'

/** One line of output as the API tells it, with its escape sequences. */
export interface OutputLine {
  readonly text: string
  readonly type: LineType
}

/** How much output there is; `complete` when no more will come. */
export interface OutputSize {
  readonly lines: number
  readonly bytes: number
  readonly complete: boolean
}

/** What `GET /jobs/{id}/lines` answers. */
export interface LinesAnswer {
  readonly lines: readonly OutputLine[]
  /** The number of the first of them, from 0. */
  readonly from: number
  /** How many lines there are in all. */
  readonly total: number
  readonly bytes: number
  readonly complete: boolean
}

/** The newer of two sizes: output only grows. */
export function grownSize(known: OutputSize | null, told: OutputSize): OutputSize {
  if (known === null) return told
  if (told.bytes < known.bytes) return known
  const same =
    known.lines === told.lines && known.bytes === told.bytes && known.complete === told.complete
  return same ? known : { ...told, complete: told.complete || known.complete }
}
