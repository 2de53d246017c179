import { z } from 'zod'

/** A whole number of a query, from `least` to `most`; `standard` without it. */
export function queryInteger(least: number, most: number, standard: number) {
  return z.preprocess(
    (text) => (typeof text === 'string' && /^\d{1,9}$/.test(text) ? Number(text) : text),
    z.int().min(least).max(most).default(standard),
  )
}

/** One or several of these words, separated by commas. */
export function queryList<const T extends readonly [string, ...string[]]>(words: T) {
  return z.preprocess(
    (text) => (typeof text === 'string' ? text.split(',') : text),
    z.array(z.enum(words)).min(1).max(words.length),
  )
}

/** The last place that can be asked for in something long. */
export const LAST_PLACE = 999_999_999_999_999

/** A place in something long, such as a byte or a line, counted from 0; `standard` without it. */
export function queryPlace(standard = 0) {
  return z.preprocess(
    (text) => (typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : text),
    z.int().min(0).max(LAST_PLACE).default(standard),
  )
}
