import { opendirSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { kill } from 'node:process'
import { systemCode } from '../../errors.ts'
import { isLive, parseStat, type ProcStat } from '../../proc-stat.ts'
import { parseJobDirectory, parseJobId, parseMemory, parseSocketLink } from './proc.ts'

/** A process as it is found in /proc. */
export interface Process extends ProcStat {
  /** The account it acts as. */
  readonly uid: number
  /** The job it belongs to by its environment, as far as that may be read. */
  readonly jobId: string | undefined
}

/** One start of the system; start times are only comparable within one. */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}

/** All live processes. Those that end while they are read are left out. */
export function listProcesses(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((process) => process !== undefined)
}

/** The live process with this pid. */
export function readStat(pid: number): ProcStat | undefined {
  const text = readGone(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  const stat = text === undefined ? undefined : parseStat(text)
  return stat !== undefined && isLive(stat) ? stat : undefined
}

/** The directory of the job that a process belongs to by its environment, as far as that may be read. */
export function readJobDirectory(pid: number): string | undefined {
  const environ = readGone(() => readFileSync(`/proc/${pid}/environ`))
  return environ && parseJobDirectory(environ)
}

/** Memory of a process in bytes, zero if it has ended. */
export function readMemory(pid: number): ReturnType<typeof parseMemory> {
  return parseMemory(readGone(() => readFileSync(`/proc/${pid}/status`, 'utf8')) ?? '')
}

/**
 * What a process has open, as far as we may look: for each descriptor the inode of its socket, undefined for whatever
 * else it is. Each is read only when it is asked for.
 */
export function* readDescriptors(pid: number): Generator<string | undefined> {
  const path = `/proc/${pid}/fd`
  const folder = readGone(() => opendirSync(path))
  if (folder === undefined) return
  try {
    for (;;) {
      const entry = readGone(() => folder.readSync())
      if (!entry) return
      yield parseSocketLink(readGone(() => readlinkSync(join(path, entry.name))) ?? '')
    }
  } finally {
    folder.closeSync()
  }
}

/** What a process calls itself, with a question mark for what is not printable ASCII; empty if it has ended. */
export function readName(pid: number): string {
  const name = readGone(() => readFileSync(`/proc/${pid}/comm`, 'latin1')) ?? ''
  return name.replace(/\n$/, '').replace(/[^\x20-\x7e]/g, '?')
}

/** The tables of TCP sockets that share our loopback, IPv4 and IPv6 one behind the other (proc_pid_net(5)). */
export function readTcpTables(): string {
  const tables = ['tcp', 'tcp6'].map((name) =>
    readGone(() => readFileSync(`/proc/self/net/${name}`, 'latin1')),
  )
  return tables.join('')
}

/** Sends a signal; it does not matter if the process has ended or is not ours. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    kill(pid, name)
  } catch (error) {
    if (systemCode(error) !== 'ESRCH' && systemCode(error) !== 'EPERM') throw error
  }
}

function readProcess(pid: number): Process | undefined {
  const stat = readStat(pid)
  const owner = readGone(() => statSync(`/proc/${pid}`))
  if (stat === undefined || owner === undefined) return undefined
  const environ = readGone(() => readFileSync(`/proc/${pid}/environ`))
  return { ...stat, uid: owner.uid, jobId: environ && parseJobId(environ) }
}

/** What `read` reads; undefined if the process has ended or may not be looked at. */
function readGone<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(systemCode(error) ?? '')) return undefined
    throw error
  }
}
