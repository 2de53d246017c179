import { z } from 'zod'
import { AtelierError } from '../errors.ts'

/** Where a page ended: the last item's value in the order of the list, and its id. */
export interface Cursor {
  /** The order that the list had. */
  readonly sort: string
  /** Milliseconds since 1970. */
  readonly time: number
  readonly id: string
}

const parts = z.tuple([z.string(), z.int(), z.string()])

/** The cursor as a word that only we read. */
export function writeCursor({ sort, time, id }: Cursor): string {
  return Buffer.from(JSON.stringify([sort, time, id])).toString('base64url')
}

/** Reads what `writeCursor` wrote. Throws BAD_REQUEST for anything else, and for a cursor of another order than `sort`. */
export function readCursor(text: string, sort: string): Cursor {
  const read = parts.safeParse(tryJson(Buffer.from(text, 'base64url').toString()))
  if (!read.success) {
    throw new AtelierError('BAD_REQUEST', 'cursor: must be the "next" of a page before this one.')
  }
  const [of, time, id] = read.data
  if (of !== sort) {
    throw new AtelierError('BAD_REQUEST', `cursor: belongs to a list with sort=${of.slice(0, 40)}.`)
  }
  return { sort, time, id }
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
