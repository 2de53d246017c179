import { execa } from 'execa'
import type { Config } from '../config.ts'

const LOOKUP_MS = 10_000

/** True if the name service knows this name in that database of it. */
export type IsKnown = (database: 'passwd' | 'group', name: string) => Promise<boolean>

/** Asks getent(1). What it cannot tell counts as known: that is no mistake of whoever wrote the configuration. */
export const isKnownHere: IsKnown = async (database, name) => {
  const { exitCode } = await execa('getent', [database, '--', name], {
    timeout: LOOKUP_MS,
    reject: false,
  })
  // 2: one or more keys were not found (getent(1)).
  return exitCode !== 2
}

/** What may be a mistake in the limits although it is none of the configuration: a sentence each. */
export async function limitWarnings(
  { limits, profiles }: Pick<Config, 'limits' | 'profiles'>,
  isKnown: IsKnown,
): Promise<readonly string[]> {
  const warnings = Object.entries(limits).map(async ([name, table]) => [
    ...(await whoIsUnknown(name, isKnown)),
    ...(table.profiles ?? [])
      .filter((profile) => !Object.hasOwn(profiles, profile))
      .map((profile) => `limits.${name}.profiles: there is no resource profile ${profile}`),
  ])
  return (await Promise.all(warnings)).flat()
}

async function whoIsUnknown(name: string, isKnown: IsKnown): Promise<string[]> {
  if (name === '*') return []
  const [database, what, who] = name.startsWith('@')
    ? (['group', 'group', name.slice(1)] as const)
    : (['passwd', 'account', name] as const)
  if (await isKnown(database, who)) return []
  return [`limits.${name}: there is no ${what} ${who} on this server`]
}
