import type { JobQuery } from './job.ts'

/** The path and query of the Launcher's API that lists these jobs. */
export function jobsPath(query: JobQuery): string {
  const { tags = [], statuses = [], startTime, endTime, fields = [], user, cluster } = query
  const parameters = Object.entries({ startTime, endTime, user, cluster, fields: fields.join(',') })
  const search = new URLSearchParams([
    ...tags.map((tag): [string, string] => ['tag', tag]),
    ...statuses.map((status): [string, string] => ['status', status]),
    ...parameters.flatMap(([name, value]): [string, string][] => (value ? [[name, value]] : [])),
  ])
  return `/jobs?${search.toString()}`
}
