import { AtelierError } from '../errors.ts'
import type { JobKind, JobRequest } from './workbench-job.ts'

/** What somebody asks for; all that is left out is as it usually is. */
export type JobWish = { readonly [K in keyof JobRequest]?: JobRequest[K] | undefined }

const KINDS: Readonly<Record<string, JobKind>> = {
  r: 'r',
  py: 'python',
  sh: 'shell',
  bash: 'shell',
  ipynb: 'notebook',
}

/** The whole request of a wish. Throws BAD_REQUEST if it does not say what is to be run. */
export function jobRequest(wish: JobWish): JobRequest {
  const { script = null, command = null } = wish
  if ((script === null) === (command === null)) {
    throw new AtelierError('BAD_REQUEST', 'script: name either a script or a command.')
  }
  return {
    script,
    command,
    kind: kindOf(wish),
    name: wish.name || nameOf(script ?? command ?? ''),
    args: wish.args ?? [],
    environment: wish.environment ?? {},
    workingDirectory: wish.workingDirectory ?? null,
    python: wish.python ?? null,
    r: wish.r ?? null,
    cluster: wish.cluster ?? null,
    profile: wish.profile ?? null,
    webhook: wish.webhook ?? null,
  }
}

/** The request that a job, or whatever else holds one, was made of. */
export function requestOf(job: JobRequest): JobRequest {
  return jobRequest(job)
}

function kindOf({ kind, script, command }: JobWish): JobKind {
  if (command != null) {
    if (kind === undefined || kind === 'command') return 'command'
    throw new AtelierError('BAD_REQUEST', 'kind: a command has the kind "command".')
  }
  if (kind === 'command') throw new AtelierError('BAD_REQUEST', 'kind: a file is no command.')
  const found = kind ?? KINDS[/\.([^./]+)$/.exec(script ?? '')?.[1]?.toLowerCase() ?? '']
  if (found !== undefined) return found
  const endings = '.R, .py, .sh, .bash or .ipynb'
  throw new AtelierError(
    'BAD_REQUEST',
    `kind: say what the file is; it does not end in ${endings}.`,
  )
}

function nameOf(path: string): string {
  return path
    .slice(path.lastIndexOf('/') + 1)
    .replaceAll(/[\p{Cc}\p{Cs}]/gu, '?')
    .slice(0, 100)
}
