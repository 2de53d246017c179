// A Launcher plugin that runs jobs of its own account as processes: no packages. See docs/plugins.md.
import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { argv, env, exit, kill, stdin, stdout } from 'node:process'
import { StringDecoder } from 'node:string_decoder'

type Fields = Record<string, unknown>
type Job = Fields & { id: string; user: string; pid: number; status: string }
type Request = Fields & { messageType: number; requestId: number; username: string; jobId: string }

const CODE = { unsupported: 1, invalid: 2, notFound: 3, wrongState: 8, wrongVersion: 10 }
const NONE = { config: [], placementConstraints: [], resourceLimits: [], resourceProfiles: [] }
const CLUSTER = { supportsContainers: false, allowUnknownImages: false, ...NONE }
const HERE = { ipAddresses: ['127.0.0.1'] }
const FINAL = ['Finished', 'Failed', 'Killed', 'Canceled']
const REFUSED = ['container', 'mounts', 'resourceLimits', 'placementConstraints', 'stdoutFile']
// Leads the job's processes and outlives SIGTERM, so that it can write down how the job has ended.
const LEADER = `trap : TERM; cd "$1"; work=$2; shift 2; exec < stdin > stdout 2> stderr; rm stdin
(: > started; cd "$work" && exec "$@"); echo $? > new; mv new exit`
const flag = argv.find((each) => each.startsWith('--scratch-path=')) ?? ''
const scratch = fs.realpathSync(flag.slice('--scratch-path='.length))
const own = userInfo()
const jobs = new Map<string, Job>()
const streams = new Map<number, () => void>() // Each tells what is new.
let answered = 0

function send(messageType: number, requestId: number, fields: object): void {
  const ids = { messageType, requestId, responseId: answered++ }
  const body = Buffer.from(JSON.stringify({ ...ids, ...fields }))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  stdout.write(Buffer.concat([length, body]))
}

function refuse(code: number, message: string): never {
  throw Object.assign(new Error(message), { code })
}
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** When a process started, undefined if it has ended: a later one may have the same pid. */
function startTime(pid: number): string | undefined {
  if (!fs.existsSync(`/proc/${pid}/stat`)) return undefined
  const [, stat = ''] = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
  return stat.startsWith('Z') ? undefined : stat.split(' ')[19]
}

/** How a job is, by its files and its leader: the same whether this process started it or one before it. */
function refresh(job: Job): void {
  const file = (name: string) => `${scratch}/${job.id}/${name}`
  if (fs.existsSync(file('exit'))) {
    const exitCode = Number(fs.readFileSync(file('exit'), 'utf8'))
    Object.assign(job, { status: exitCode === 137 ? 'Killed' : 'Finished', exitCode })
  } else if (startTime(job.pid) !== job['startTime']) job.status = 'Failed'
  else if (fs.existsSync(file('started'))) job.status = 'Running'
}

function seen({ username, jobId }: Request): Job[] {
  const isSeen = ({ user, id }: Job) => ['*', user].includes(username) && ['*', id].includes(jobId)
  return [...jobs.values()].filter(isSeen)
}
const find = (asked: Request) =>
  seen(asked).find(({ id }) => id === asked.jobId) ?? refuse(CODE.notFound, 'There is no such job.')

function bootstrap({ requestId, version }: Request): void {
  if (Object(version).major !== 3) refuse(CODE.wrongVersion, 'This plugin speaks version 3.')
  for (const name of fs.readdirSync(scratch).filter((each) => each.endsWith('.json'))) {
    const job: Job = JSON.parse(fs.readFileSync(`${scratch}/${name}`, 'utf8'))
    refresh(job)
    jobs.set(job.id, job)
  }
  send(1, requestId, { version: { major: 3, minor: 7, patch: 0 } })
}

function submit(request: Request): void {
  const { user, exe, command, args, stdin, environment, ...more }: Fields = Object(request['job'])
  const account = text(user) || request.username
  const isOwn = account === own.username && ['*', account].includes(request.username)
  if (!isOwn) refuse(CODE.invalid, `This plugin runs jobs of ${own.username} only.`)
  if (!text(exe) === !text(command)) refuse(CODE.invalid, 'Give either an exe or a command.')
  const refused = REFUSED.find((field) => Object.keys(Object(more[field])).length > 0)
  if (refused) refuse(CODE.unsupported, `This plugin runs no jobs with ${refused}.`)
  const id = crypto.randomUUID()
  const place = `${scratch}/${id}`
  fs.mkdirSync(place, { mode: 0o700 })
  for (const name of ['stdin', 'stdout', 'stderr']) fs.writeFileSync(`${place}/${name}`, '')
  fs.appendFileSync(`${place}/stdin`, text(stdin))
  const program = text(exe) ? [exe, ...list(args)] : ['/bin/sh', '-c', command]
  const work = more['workingDirectory'] || own.homedir
  const leader = ['-c', LEADER, 'leader', place, work, ...program].map(String)
  const variables = list(environment).map((each) => [Object(each).name, Object(each).value])
  const options = { env: { ...env, ...Object.fromEntries(variables) }, detached: true }
  const { pid = 0 } = spawn('/bin/sh', leader, { ...options, stdio: 'ignore' })
  const state = { id, pid, startTime: startTime(pid), status: 'Pending', statusMessage: '' }
  const rest = { user: account, name: text(more['name']), submissionTime: new Date().toISOString() }
  const resourceProfile = more['resourceProfile'] || 'custom'
  const job = { ...more, exe, command, args, resourceProfile, host: hostname(), ...rest, ...state }
  fs.writeFileSync(`${place}/new.json`, JSON.stringify(job))
  fs.renameSync(`${place}/new.json`, `${place}.json`)
  jobs.set(id, job)
  send(2, request.requestId, { jobs: [job] })
}

function get(request: Request): void {
  const [tags, statuses, fields] = ['tags', 'statuses', 'fields'].map((key) => list(request[key]))
  const [start, end] = [text(request['startTime']), text(request['endTime']) || '9']
  const isWanted = ({ tags: own, status, submissionTime: at }: Job) =>
    tags?.every((tag) => list(own).includes(tag)) &&
    (!statuses?.length || statuses.includes(status)) &&
    !(text(at) < start || text(at) > end) // ISO 8601 in UTC compares as text.
  const found = request.jobId === '*' ? seen(request).filter(isWanted) : [find(request)]
  const isTold = ([name]: [string, unknown]) => !fields?.length || ['id', ...fields].includes(name)
  const told = found.map((job) => Object.fromEntries(Object.entries(job).filter(isTold)))
  send(2, request.requestId, { jobs: told })
}

function control(request: Request): void {
  const signal = (['', '', 'SIGTERM', 'SIGKILL', ''] as const)[Number(request['operation'])]
  if (request.jobId === '*' || signal === undefined) refuse(CODE.invalid, 'Name one job, 0 to 4.')
  const job = find(request)
  refresh(job)
  if (signal === '') refuse(CODE.unsupported, 'Jobs are stopped and killed here, nothing else.')
  if (job.status !== 'Running') refuse(CODE.wrongState, `The job is ${job.status}.`)
  if (signal === 'SIGKILL') fs.writeFileSync(`${scratch}/${job.id}/exit`, '137')
  kill(-job.pid, signal)
  send(4, request.requestId, { operationComplete: true, statusMessage: '' })
}

function statuses(request: Request): void {
  const told = new Map<string, string>()
  let seqId = 0
  if (request.jobId !== '*') find(request)
  streams.set(request.requestId, () => {
    for (const { id, name, status, statusMessage } of seen(request)) {
      if (told.get(id) === status) continue
      told.set(id, status)
      const sequences = [{ requestId: request.requestId, seqId: seqId++ }]
      send(3, 0, { sequences, id, name, status, statusMessage })
    }
  })
}

function outputs(request: Request): void {
  const job = find(request)
  const kinds = [['stdout'], ['stderr']][Number(request['outputType'])] ?? ['stdout', 'stderr']
  const files = kinds.map((kind) => ({ kind, told: 0, decoder: new StringDecoder() }))
  let seqId = 0
  const tell = (fields: object) => send(5, request.requestId, { seqId: seqId++, ...fields })
  streams.set(request.requestId, () => {
    for (const output of files) {
      const bytes = fs.readFileSync(`${scratch}/${job.id}/${output.kind}`)
      for (; output.told < bytes.length; output.told += 65_536) {
        const piece = output.decoder.write(bytes.subarray(output.told, output.told + 65_536))
        tell({ output: piece, outputType: output.kind, complete: false })
      }
      output.told = bytes.length
    }
    // Looked at before the output was read: whatever the job has written is told.
    if (!FINAL.includes(job.status)) return
    tell({ output: '', outputType: 'mixed', complete: true })
    streams.delete(request.requestId)
  })
}

const beat = () => send(0, 0, {})
const network = (asked: Request) => send(7, asked.requestId, { ...HERE, host: find(asked)['host'] })
const cluster = ({ requestId }: Request) => send(8, requestId, CLUSTER)
const handlers = [beat, bootstrap, submit, get, statuses, control, outputs, null, network, cluster]

function handle(request: Request): void {
  try {
    if (typeof request.requestId !== 'number') exit(1)
    if (request['cancel']) return void streams.delete(request.requestId)
    const handler = handlers[request.messageType]
    if (!handler) refuse(CODE.unsupported, 'This plugin cannot do that.')
    handler(request)
  } catch (error) {
    const { code, message: errorMessage } = Object(error)
    send(-1, request.requestId, { errorCode: Number(code) || 0, errorMessage })
  }
}

let data = Buffer.alloc(0)
stdin.on('data', (chunk: Buffer) => {
  data = Buffer.concat([data, chunk])
  while (data.length >= 4) {
    const end = 4 + data.readUInt32BE()
    if (end > 4 + 5 * 1024 * 1024) exit(1)
    if (data.length < end) return
    handle(JSON.parse(data.toString('utf8', 4, end)))
    data = data.subarray(end)
  }
})
stdin.on('end', () => exit(0)) // Jobs go on.
setInterval(() => {
  for (const job of jobs.values()) if (!FINAL.includes(job.status)) refresh(job)
  for (const tell of streams.values()) tell()
}, 100)
