import { z } from 'zod'
import type { Precondition } from '../sessions/sessions.ts'

// A proxy that compresses answers may have made a tag weak; it stands for the same version.
const TAG = String.raw`(?:W\/)?"[\x21\x23-\x7e]{0,40}"`
const TAGS = new RegExp(String.raw`^(?:\*|${TAG}(?:\s*,\s*${TAG})*)$`)

/** The header If-Match or If-None-Match (RFC 9110, 13.1). */
export const etagsHeader = z
  .string()
  .max(1000)
  .regex(TAGS, 'must be * or versions in quotes, such as "7"')

/** The ETag of a row's version. */
export function etagOf({ version }: { readonly version: number }): string {
  return `"${version}"`
}

/** True if the header names this version. */
export function namesVersion(header: string, version: number): boolean {
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return header === '*' || tags.includes(etagOf({ version }))
}

/** What If-Match asks of a session; undefined without the header. */
export function preconditionOf(ifMatch: string | undefined): Precondition | undefined {
  return ifMatch === undefined ? undefined : ({ version }) => namesVersion(ifMatch, version)
}
