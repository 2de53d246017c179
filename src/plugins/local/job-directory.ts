import {
  chownSync,
  closeSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { systemCode } from '../../errors.ts'
import { JOB_STATUSES } from '../../launcher/job.ts'
import type { SubmittedJob } from '../../launcher/protocol-schemas.ts'
import type { Account } from '../../accounts.ts'
import { detailsOf, jobDetails } from './job-details.ts'
import type { Leader } from './job-processes.ts'
import { processLimits, type Limits } from './limits.ts'

const jobRecord = z.object({
  id: z.string(),
  name: z.string(),
  user: z.string(),
  uid: z.int(),
  tags: z.array(z.string()),
  /** Its limits, as it was submitted with them. */
  resourceProfile: z.string().default(''),
  resourceLimits: z.array(z.object({ type: z.string(), value: z.string() })).default([]),
  details: jobDetails.default({}),
  status: z.enum(JOB_STATUSES),
  statusMessage: z.string(),
  exitCode: z.int().nullable(),
  pid: z.int().nullable(),
  submissionTime: z.string(),
  lastUpdateTime: z.string(),
  /** Somebody asked for SIGKILL, so that an end without an exit code is no riddle. */
  killRequested: z.boolean(),
})

/** What is kept of a job on disk. Its environment and standard input are not: they hold secrets. */
export type JobRecord = z.infer<typeof jobRecord>

/** How a job began: its leader and the start of the system it belongs to. */
export type Beginning = Leader & { readonly bootId: string }

/** How a job's limits are held: by its cgroups, and what these do not hold by what each of its processes may have. */
export interface Enforcement {
  readonly cgroups: readonly string[]
  readonly left: Limits
}

/** The record of a job that is about to be started. Throws PluginError if there is too much to keep. */
export function newRecord(id: string, submitted: SubmittedJob, account: Account): JobRecord {
  const now = new Date().toISOString()
  return {
    id,
    name: submitted.name,
    user: account.name,
    uid: account.uid,
    tags: submitted.tags,
    // As Posit's SDKs have it: with it, limits can be set by hand.
    resourceProfile: submitted.resourceProfile || 'custom',
    resourceLimits: submitted.resourceLimits,
    details: detailsOf(submitted),
    status: 'Pending',
    statusMessage: '',
    exitCode: null,
    pid: null,
    submissionTime: now,
    lastUpdateTime: now,
    killRequested: false,
  }
}

const RECORD = 'job.json'
const BEGINNING = 'started'
/** The folders that the leader lets the job enter, one in a line. */
const CGROUPS = 'cgroups'
/** The folder of the cgroup by which the job's processes are known. */
const TRACKING = 'tracking-cgroup'
/** What each process of the job may have, one in a line: what, and how much. */
const LIMITS = 'limits'
/** Where the start of a job tells why it cannot be. */
const TROUBLE = 'trouble'
/** More than any reason has; the account can write there for a moment, and more than we want to read. */
const TROUBLE_BYTES = 4096
/** Overwritten with the exit code and renamed by the leader. */
const ENDING = 'ending'
const BLANK = '   \n'

/** The files of one job, `<scratch>/<id>/`, which only we may enter. Methods throw the errors of node:fs. */
export class JobDirectory {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  get stdout(): string {
    return join(this.path, 'stdout')
  }

  get stderr(): string {
    return join(this.path, 'stderr')
  }

  /** Makes the whole directory or nothing. A job may open its own output again, so that belongs to `owner`. */
  static create(scratch: string, record: JobRecord, owner: Account | null): JobDirectory {
    const unfinished = new JobDirectory(join(scratch, `.${record.id}`))
    try {
      mkdirSync(unfinished.path, { mode: 0o700 })
      unfinished.save(record)
      writeFileSync(join(unfinished.path, ENDING), BLANK, { mode: 0o600 })
      // So that the leader need not make it on a full disk.
      writeFileSync(join(unfinished.path, TROUBLE), '', { mode: 0o600 })
      for (const file of [unfinished.stdout, unfinished.stderr]) {
        writeFileSync(file, '', { mode: 0o600 })
        if (owner !== null) chownSync(file, owner.uid, owner.gid)
      }
      renameSync(unfinished.path, join(scratch, record.id))
    } catch (error) {
      unfinished.remove()
      throw error
    }
    return new JobDirectory(join(scratch, record.id))
  }

  /** Replaces the record in one step. */
  save(record: JobRecord): void {
    const file = join(this.path, RECORD)
    writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600 })
    renameSync(`${file}.new`, file)
  }

  /** The record. Throws also when it is not one. */
  load(): JobRecord {
    return jobRecord.parse(JSON.parse(readFileSync(join(this.path, RECORD), 'utf8')))
  }

  /** Writes down what the leader limits the job by. */
  limit({ cgroups, left }: Enforcement): void {
    if (cgroups.length > 0) this.#write(CGROUPS, cgroups.join('\n'))
    const lines = processLimits(left)
    if (lines.length > 0) this.#write(LIMITS, lines.join('\n'))
  }

  /** The folders of the job's cgroups; none if it has no limits. */
  readCgroups(): string[] {
    return (this.#read(CGROUPS) ?? '').split('\n').filter((line) => line !== '')
  }

  /** Writes down in which cgroup the job's processes are known. */
  track(folder: string | undefined): void {
    if (folder !== undefined) this.#write(TRACKING, folder)
  }

  /** The folder of the cgroup in which the job's processes are known; undefined if it has none. */
  readTracking(): string | undefined {
    return this.#read(TRACKING)?.trimEnd()
  }

  /** Keeps the standard input of a job that is about to be started. */
  provideInput(text: string, owner: Account | null): void {
    if (text === '') return
    writeFileSync(this.#input, text, { mode: 0o600 })
    if (owner !== null) chownSync(this.#input, owner.uid, owner.gid)
  }

  /** A descriptor of the job's standard input, which is on disk no more afterwards; undefined if it has none. */
  takeInput(): number | undefined {
    try {
      const descriptor = openSync(this.#input, 'r')
      rmSync(this.#input)
      return descriptor
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined
      throw error
    }
  }

  /** Descriptors of the job's output, to be appended to. */
  openOutput(): [stdout: number, stderr: number] {
    return [openSync(this.stdout, 'a'), openSync(this.stderr, 'a')]
  }

  /** How the job began; undefined until it has. */
  readBeginning(): Beginning | undefined {
    const text = this.#read(BEGINNING)
    if (text === undefined) return undefined
    const [pid, startTime, bootId = ''] = text.trim().split(' ')
    return { pid: Number(pid), startTime: Number(startTime), bootId }
  }

  /** Takes care that a job which has not begun never will: takes the lock for which its leader looks. False if it has. */
  forbidBeginning(): boolean {
    try {
      // A link to what is there already needs no space on the disk.
      linkSync(join(this.path, ENDING), join(this.path, BEGINNING))
      return true
    } catch (error) {
      // ENOENT: it has even ended.
      if (!['EEXIST', 'ENOENT'].includes(systemCode(error) ?? '')) throw error
      // Blank: forbidden before, by one of us that ended before it was withdrawn.
      return this.#read(BEGINNING) === BLANK
    }
  }

  /** The exit code that the job's leader recorded, if it did. */
  readExitCode(): number | undefined {
    const code = Number.parseInt(this.#read('exit') ?? '', 10)
    return Number.isNaN(code) ? undefined : code
  }

  /** Why the job's command could not be reached; empty if it was. */
  readTrouble(): string {
    return readEnd(join(this.path, TROUBLE), TROUBLE_BYTES).split('\n').at(-2) ?? ''
  }

  /** Removes a job that may not begin, in an order in which its leader, however late, finds no lock to take. */
  withdraw(): void {
    const name = `.${basename(this.path)}`
    const unfinished = new JobDirectory(join(dirname(this.path), name))
    // From here on a leader can link nothing but what it had written before: that goes first, the lock last.
    renameSync(this.path, unfinished.path)
    for (const file of readdirSync(unfinished.path)) {
      if (file !== BEGINNING) rmSync(join(unfinished.path, file), { force: true })
    }
    unfinished.remove()
  }

  /** Removes the job for good. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }

  get #input(): string {
    return join(this.path, 'stdin')
  }

  #write(name: string, text: string): void {
    writeFileSync(join(this.path, name), `${text}\n`, { mode: 0o600 })
  }

  #read(name: string): string | undefined {
    try {
      return readFileSync(join(this.path, name), 'utf8')
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined
      throw error
    }
  }
}

/** The last bytes of a file; nothing if it is not there. */
function readEnd(path: string, bytes: number): string {
  try {
    const file = openSync(path, 'r')
    try {
      const { size } = fstatSync(file)
      const end = Buffer.alloc(Math.min(size, bytes))
      const read = readSync(file, end, 0, end.length, size - end.length)
      return end.toString('utf8', 0, read)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return ''
    throw error
  }
}
