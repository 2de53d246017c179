import { z } from 'zod'

/** What a person is told of a key, beside what its schema says: the example file and messages are made from it. */
export interface KeyFacts {
  /** What the key decides, in sentences. */
  readonly description: string
  readonly unit?: 'seconds' | 'days' | 'MiB' | 'requests per minute' | 'sign-ins per minute'
  /** What holds without the key, for one that has no default or whose default differs between machines. */
  readonly otherwise?: string
  /** A value for the example file, for a key with `otherwise`. */
  readonly example?: string | number | boolean | readonly string[]
  /** What the value must be, where the schema's own words do not tell. */
  readonly right?: string
  /** Its value is never shown, and may be kept in a file that the key with `_file` at its end names. */
  readonly secret?: true
  /** Taken over on SIGHUP; every other key needs a restart. */
  readonly reloadable?: true
}

/** The facts of each key, by its schema. */
export const KEY_FACTS = z.registry<KeyFacts>()

/** A path that does not depend on where a process runs. */
export const absolutePath = z.string().startsWith('/')
/** What such a path is, for a message. */
export const ABSOLUTE_PATH = 'an absolute path, such as "/srv/atelier"'

/** The name of a Linux account, as findAccount takes one. */
export const accountName = z.string().regex(/^[^-\0:/\s][^\0:/\s]*$/)
/** What such a name is, for a message. */
export const AN_ACCOUNT = 'the name of an account, such as "atelier"'

/** Where a node or a cluster is reached; without a path. */
export const nodeUrl = z.string().regex(/^https?:\/\/[^\s/?#@]+$/)
/** What such a URL is, for a message. */
export const A_URL = 'a URL of scheme, host and port, such as "http://node-1.example.com:8787"'

/** A positive number of seconds, at most a day, that may change while we run. */
export const seconds = (standard: number, description: string) =>
  z
    .number()
    .positive()
    .max(86_400)
    .default(standard)
    .register(KEY_FACTS, { description, unit: 'seconds', reloadable: true })

/** How many in a minute, which may change while we run. */
export const perMinute = (standard: number, what: 'requests' | 'sign-ins', description: string) =>
  z
    .int()
    .positive()
    .max(1_000_000)
    .default(standard)
    .register(KEY_FACTS, { description, unit: `${what} per minute`, reloadable: true })

const YEAR_SECONDS = 365 * 86_400

/** A number of seconds, at most a year, of which 0 is never; it may change while we run. */
export const secondsOrNever = (standard: number, description: string) =>
  z
    .number()
    .min(0)
    .max(YEAR_SECONDS)
    .default(standard)
    .register(KEY_FACTS, { description, unit: 'seconds', reloadable: true })
