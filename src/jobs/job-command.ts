import { dirname } from 'node:path'
import { AtelierError } from '../errors.ts'
import type { JobSpec } from '../launcher/job.ts'
import type { JobRequest } from './workbench-job.ts'

/** What the Launcher is to run for a request. */
export type JobCommand = Pick<JobSpec, 'exe' | 'args' | 'environment' | 'workingDirectory'>

const PROGRAMS = { shell: '/bin/bash', python: 'python3', r: 'Rscript' } as const

/** What is run for a request of somebody with this home. Throws BAD_REQUEST for what cannot be run. */
export function jobCommand(request: JobRequest, { home }: { readonly home: string }): JobCommand {
  const { kind, script, args, environment, workingDirectory } = request
  if (script === null || kind === 'command' || kind === 'notebook') {
    throw new AtelierError('BAD_REQUEST', 'Jobs of this kind cannot be run here.')
  }
  return {
    exe: '/usr/bin/env',
    args: [PROGRAMS[kind], script, ...args],
    environment,
    workingDirectory: workingDirectory ?? (dirname(script) || home),
  }
}
