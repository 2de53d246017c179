import type { Process } from './processes.ts'

/** The shell that leads a job's session, as it recorded itself. */
export interface Leader {
  readonly pid: number
  readonly startTime: number
}

/**
 * The processes of a job without its leader: its session, all descendants, and all that carry its id in their
 * environment, such as Jupyter's kernels and terminals, which have sessions of their own. By its environment only the
 * job's own account: anybody may write the id into theirs. And those in its cgroups, which none of them can leave.
 */
export function processesOfJob(
  processes: readonly Process[],
  job: {
    readonly id: string
    /** Null if it never started, or before the last start of the system. */
    readonly leader: Leader | null
    readonly uid: number
    /** The pids in its cgroups. */
    readonly confined: ReadonlySet<number>
  },
): Process[] {
  const { leader } = job
  const first = leader === null ? undefined : processes.find(({ pid }) => pid === leader.pid)
  const leaderLives = first !== undefined && first.startTime === leader?.startTime
  const members = new Set<number>(leaderLives ? [first.pid] : [])
  const inSession = (process: Process) => {
    if (leader === null || process.session !== leader.pid) return false
    if (first !== undefined) return leaderLives
    // The leader is gone, and somebody else's session may have its number by now.
    return process.uid === job.uid && process.startTime >= leader.startTime
  }
  for (const process of processes) {
    const isNamed = process.jobId === job.id && process.uid === job.uid
    if (isNamed || inSession(process) || job.confined.has(process.pid)) members.add(process.pid)
  }
  for (let before = -1; before !== members.size;) {
    before = members.size
    for (const { pid, parent } of processes) if (members.has(parent)) members.add(pid)
  }
  if (leaderLives) members.delete(first.pid)
  return processes.filter(({ pid }) => members.has(pid))
}
