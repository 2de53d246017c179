import { z } from 'zod'

/** Text that may be left out or null, which is the same as empty: Go leaves out what is empty. */
export const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '')

/** A number that may be left out, which is told from 0. */
export const number = z
  .number()
  .nullish()
  .transform((value) => value ?? null)

/** A number that is 0 when it is left out. */
export const amount = z
  .number()
  .nullish()
  .transform((value) => value ?? 0)

/** Something that is false when it is left out. */
export const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false)

/** A list that is empty when it is left out: Go writes a list of nothing as null. */
export const list = <S extends z.ZodType>(item: S) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? [])

/** A moment in ISO 8601; without a zone it is UTC, as C++ plugins write it. */
export const time = z.string().refine((value) => !Number.isNaN(milliseconds(value)), 'is no time')

/** A moment of the protocol in milliseconds since 1970; NaN for what is none. */
export function milliseconds(moment: string): number {
  const isComplete = /(Z|[+-]\d\d:?\d\d)$/i.test(moment) || !moment.includes('T')
  return Date.parse(isComplete ? moment : `${moment}Z`)
}
