import { nanoid } from 'nanoid'
import type { RunAs } from '../ides/versions.ts'
import type { Launcher } from '../launcher/launcher.ts'

const LIMIT_MS = 60_000

/** Runs scripts as jobs of the Launcher, which alone can be any account; the answer is what the script printed. */
export function runAsBy(parts: {
  launcher: Pick<Launcher, 'submit' | 'output'>
  homeOf: (user: string) => Promise<string>
}): RunAs {
  return async (user, script) => {
    const { id } = await parts.launcher.submit(
      {
        user,
        name: 'versions',
        exe: '/bin/sh',
        args: ['-c', script],
        environment: {},
        workingDirectory: await parts.homeOf(user),
        tags: ['atelier-versions'],
      },
      `versions.${nanoid()}`,
    )
    let printed = ''
    for await (const { type, output } of parts.launcher.output(id, AbortSignal.timeout(LIMIT_MS))) {
      if (type !== 'stderr') printed += output
    }
    return printed
  }
}
