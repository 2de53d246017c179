/**
 * Text that Postgres can store: NUL characters and halves of surrogate pairs, which UTF-8 columns refuse, become U+FFFD.
 * An id or name that held one matches no row.
 */
export function storableText(text: string): string {
  return text.replaceAll(/[\0\p{Surrogate}]/gu, '\uFFFD')
}
