import type { JobPort } from '../../launcher/job.ts'
import type { LocalJob } from './job.ts'
import { parseListeners, portsOf } from './listeners.ts'
import { listProcesses, readDescriptors, readName, readTcpTables } from './processes.ts'
import { findHolders } from './socket-holders.ts'

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
  const processes = job.processes(listProcesses()).filter((process) => process.uid === uid)
  const pids = processes.sort((a, b) => a.startTime - b.startTime).map(({ pid }) => pid)
  const holders = [...findHolders(pids, wanted, readDescriptors)]
  return portsOf(listeners, uid, new Map(holders.map(([inode, pid]) => [inode, readName(pid)])))
}
