import { readFile } from 'node:fs/promises'

/** What /proc/PID/stat says of a process, as far as it is used (proc_pid_stat(5)). */
export interface ProcStat {
  readonly pid: number
  /** The name of its program, at most 15 bytes. */
  readonly command: string
  /** `Z` and `X` are dead. */
  readonly state: string
  readonly parent: number
  readonly group: number
  readonly session: number
  /** The number of its terminal; 0 if it has none. */
  readonly terminal: number
  /** The process group in the foreground of its terminal; below 1 if there is none. */
  readonly foreground: number
  /** Clock ticks from the start of the system to the start of the process: with the pid it names one process. */
  readonly startTime: number
  /** CPU time in clock ticks, with that of children that have ended and were waited for. */
  readonly cpuTicks: number
}

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
    command: text.slice(open + 2, close),
    state,
    parent: at(1),
    group: at(2),
    session: at(3),
    terminal: at(4),
    foreground: at(5),
    startTime: at(19),
    cpuTicks: at(11) + at(12) + at(13) + at(14),
  }
}

/** True for a process that runs, sleeps or is stopped, but is no corpse that waits to be collected. */
export function isLive({ state }: Pick<ProcStat, 'state'>): boolean {
  return state !== 'Z' && state !== 'X'
}

/** When a live process started, in clock ticks since the boot: with the pid it names one process. Undefined if none runs. */
export async function processStart(pid: number): Promise<number | undefined> {
  const stat = parseStat(await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => ''))
  return stat !== undefined && isLive(stat) ? stat.startTime : undefined
}
