import { nanoid } from 'nanoid'
import type { RunAs } from '../ides/versions.ts'
import type { Launcher } from '../launcher/launcher.ts'

const LIMIT_MS = 60_000
/** Characters, of which the longest list of versions needs a small part. */
const MOST_PRINTED = 1_048_576

/**
 * Runs scripts as jobs of the Launcher, which alone can be any account; the answer is what the script printed, with `partial`
 * also if it had to be ended after `limit` ms.
 */
export function runAsBy(parts: {
  launcher: Pick<Launcher, 'submit' | 'output' | 'control'>
  homeOf: (user: string) => Promise<string>
  /** What the jobs are called. */
  name?: string
  limit?: number
  partial?: boolean
}): RunAs {
  const { name = 'versions', limit = LIMIT_MS, partial = false } = parts
  return async (user, script, environment = {}) => {
    const { id } = await parts.launcher.submit(
      {
        user,
        name,
        exe: '/bin/sh',
        args: ['-c', script],
        environment,
        workingDirectory: await parts.homeOf(user),
        tags: [`atelier-${name}`],
      },
      `${name}.${nanoid()}`,
    )
    let printed = ''
    const over = AbortSignal.timeout(limit)
    try {
      const written = parts.launcher.output(id, over)
      for await (const { type, output } of written) {
        if (type !== 'stderr') printed += output
        if (printed.length > MOST_PRINTED) break
      }
      return printed
    } catch (error) {
      if (partial && over.aborted) return printed
      throw error
    } finally {
      // Most have ended by then; what has not was stopped being listened to.
      await parts.launcher.control(id, 'kill').catch(() => undefined)
    }
  }
}
