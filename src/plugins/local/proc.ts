/** Clock ticks in a second: USER_HZ, which Linux has fixed at 100 for user space. */
export const TICKS_PER_SECOND = 100

/** The variable by which each process of a job is known, however far it has moved away. */
export const JOB_ID_VARIABLE = 'ATELIER_JOB_ID'

const JOB_ID_ENTRY = new RegExp(`(?:^|\\0)${JOB_ID_VARIABLE}=([^\\0]*)`)

/** The job that a process belongs to by its environment (/proc/PID/environ). */
export function parseJobId(environ: Buffer): string | undefined {
  const [, id] = JOB_ID_ENTRY.exec(environ.toString('latin1')) ?? []
  return id
}

/** The directory that a process was given as its job's own, by its environment. */
export function parseJobDirectory(environ: Buffer): string | undefined {
  return /(?:^|\0)ATELIER_DIRECTORY=([^\0]*)/.exec(environ.toString())?.[1]
}

/** The inode of the socket that a link in /proc/PID/fd names; undefined for whatever else is open. */
export function parseSocketLink(link: string): string | undefined {
  return /^socket:\[(\d+)\]$/.exec(link)?.[1]
}

/** Memory in bytes from /proc/PID/status; zero for a process that has ended. */
export function parseMemory(status: string): { residentBytes: number; virtualBytes: number } {
  const kilobytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0)
  return { residentBytes: kilobytes('VmRSS') * 1024, virtualBytes: kilobytes('VmSize') * 1024 }
}
