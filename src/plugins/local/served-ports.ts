import type { JobPort } from '../../launcher/job.ts'
import type { LocalJob } from './job.ts'
import { parseListeners, portsOf } from './listeners.ts'
import { listProcesses, readName, readSockets, readTcpTables } from './processes.ts'

/**
 * The ports of the loopback that processes of a job serve now. Only processes and sockets of the job's own account
 * count: a process of somebody else's can put the job's id into its environment.
 */
export function servedPorts(job: LocalJob): JobPort[] {
  const { uid } = job.record
  const listeners = parseListeners(readTcpTables())
  const wanted = new Set(listeners.filter((each) => each.uid === uid).map(({ inode }) => inode))
  // Most sessions serve nothing, and to read all of /proc takes its time.
  if (wanted.size === 0) return []
  const holders = new Map<string, string>()
  const processes = job.processes(listProcesses()).filter((process) => process.uid === uid)
  for (const { pid } of processes.sort((a, b) => a.startTime - b.startTime)) {
    for (const inode of readSockets(pid)) {
      if (wanted.has(inode) && !holders.has(inode)) holders.set(inode, readName(pid))
    }
  }
  return portsOf(listeners, uid, holders)
}
