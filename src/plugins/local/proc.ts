/** What /proc/PID/stat says of a process, as far as it is used (proc_pid_stat(5)). */
export interface ProcStat {
  readonly pid: number
  /** `Z` and `X` are dead. */
  readonly state: string
  readonly parent: number
  readonly session: number
  /** Clock ticks from the start of the system to the start of the process: with the pid it names one process. */
  readonly startTime: number
  /** CPU time in clock ticks, with that of children that have ended and were waited for. */
  readonly cpuTicks: number
}

/** Clock ticks in a second: USER_HZ, which Linux has fixed at 100 for user space. */
export const TICKS_PER_SECOND = 100

/** The variable by which each process of a job is known, however far it has moved away. */
export const JOB_ID_VARIABLE = 'ATELIER_JOB_ID'

const JOB_ID_ENTRY = new RegExp(`(?:^|\\0)${JOB_ID_VARIABLE}=([^\\0]*)`)

/** /proc/PID/stat; undefined if it is not one. The command's name may hold anything, also blanks and brackets. */
export function parseStat(text: string): ProcStat | undefined {
  const open = text.indexOf(' (')
  const close = text.lastIndexOf(') ')
  const fields = text.slice(close + 2).split(' ')
  const [state] = fields
  const at = (index: number) => Number(fields[index])
  if (open < 1 || close < open || state === undefined || fields.length < 20) return undefined
  return {
    pid: Number(text.slice(0, open)),
    state,
    parent: at(1),
    session: at(3),
    startTime: at(19),
    cpuTicks: at(11) + at(12) + at(13) + at(14),
  }
}

/** True for a process that runs, sleeps or is stopped, but is no corpse that waits to be collected. */
export function isLive({ state }: Pick<ProcStat, 'state'>): boolean {
  return state !== 'Z' && state !== 'X'
}

/** The job that a process belongs to by its environment (/proc/PID/environ). */
export function parseJobId(environ: Buffer): string | undefined {
  const [, id] = JOB_ID_ENTRY.exec(environ.toString('latin1')) ?? []
  return id
}

/** Memory in bytes from /proc/PID/status; zero for a process that has ended. */
export function parseMemory(status: string): { residentBytes: number; virtualBytes: number } {
  const kilobytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0)
  return { residentBytes: kilobytes('VmRSS') * 1024, virtualBytes: kilobytes('VmSize') * 1024 }
}
