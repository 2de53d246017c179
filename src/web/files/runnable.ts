import type { JobKind } from '../../jobs/workbench-job.ts'

const KINDS: Readonly<Record<string, Exclude<JobKind, 'command'>>> = {
  r: 'r',
  py: 'python',
  sh: 'shell',
  bash: 'shell',
  ipynb: 'notebook',
}

/** What a file is by the ending of its name, if a job can run it; null if that does not tell. */
export function kindOfFile(path: string): Exclude<JobKind, 'command'> | null {
  const ending = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase()
  return (ending !== undefined && Object.hasOwn(KINDS, ending) && KINDS[ending]) || null
}
