import type { JobKind } from '../../jobs/workbench-job.ts'
import { kindOfFile } from '../files/runnable.ts'
import { argumentsText, parseArguments } from './arguments.ts'

/** A row of the environment as it is typed; values stay in the page and are stored nowhere. */
export interface VariableDraft {
  /** Tells rows apart. */
  readonly key: number
  readonly name: string
  readonly value: string
}

/** A new job as it is typed. */
export interface JobDraft {
  readonly what: 'file' | 'command'
  readonly script: string
  /** What the file is, if its ending does not tell. */
  readonly kind: Exclude<JobKind, 'command'> | null
  readonly command: string
  readonly args: string
  readonly environment: readonly VariableDraft[]
  readonly workingDirectory: string
  /** Null for the usual one. */
  readonly cluster: string | null
  readonly name: string
  readonly webhook: string
}

/** What is known of a job, or of what a schedule runs, to begin another with. */
export interface KnownRequest {
  readonly name: string
  readonly kind: JobKind
  readonly script: string | null
  readonly command: string | null
  readonly args: readonly string[]
  readonly environmentNames: readonly string[]
  readonly workingDirectory: string | null
  readonly python: string | null
  readonly r: string | null
  readonly cluster: string | null
  readonly profile: string | null
  readonly webhook: string | null
}

/** What the API is sent for a new job. */
export interface JobBody {
  readonly script?: string
  readonly kind?: JobKind
  readonly command?: string
  readonly name?: string
  readonly args: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly workingDirectory?: string
  readonly python?: string
  readonly r?: string
  readonly cluster?: string
  readonly profile?: string
  readonly webhook?: string
}

/** Fields of the form at which a problem is told. */
export const JOB_FIELDS = [
  'script',
  'kind',
  'command',
  'args',
  'environment',
  'workingDirectory',
  'python',
  'r',
  'cluster',
  'profile',
  'name',
  'webhook',
] as const

/** A field of the form. */
export type JobField = (typeof JOB_FIELDS)[number]

/** A job of which nothing is said yet. */
export const EMPTY_DRAFT: JobDraft = {
  what: 'file',
  script: '',
  kind: null,
  command: '',
  args: '',
  environment: [],
  workingDirectory: '',
  cluster: null,
  name: '',
  webhook: '',
}

/** The draft of another job like this one; the values of its environment are told to nobody, and are missing. */
export function draftLike(known: KnownRequest): JobDraft {
  const script = known.script ?? ''
  const { kind } = known
  return {
    what: known.command === null ? 'file' : 'command',
    script,
    kind: kind === 'command' || kindOfFile(script) === kind ? null : kind,
    command: known.command ?? '',
    args: argumentsText(known.args),
    environment: known.environmentNames.map((name, key) => ({ key, name, value: '' })),
    workingDirectory: known.workingDirectory ?? '',
    cluster: known.cluster,
    // What a job is called by itself follows its file.
    name: known.name === baseName(script || known.command || '') ? '' : known.name,
    webhook: known.webhook ?? '',
  }
}

/** What a job runs; null as long as that is not known. */
export function kindOf(draft: Pick<JobDraft, 'what' | 'script' | 'kind'>): JobKind | null {
  if (draft.what === 'command') return 'command'
  return draft.kind ?? kindOfFile(draft.script.trim())
}

/** What is wrong with a draft, a sentence for each field; empty if it can be sent. */
export function problemsOf(draft: JobDraft): Partial<Record<JobField, string>> {
  const { what, script, command, args, environment, workingDirectory, webhook } = draft
  const problems: Partial<Record<JobField, string>> = {}
  if (what === 'file') {
    if (script.trim() === '') problems.script = 'Choose a file, or type its path.'
    else if (!script.trim().startsWith('/')) problems.script = 'Write the whole path, from / on.'
    else if (script.trim().endsWith('/')) problems.script = 'This is a folder. Choose a file.'
    else if (kindOf(draft) === null) problems.kind = 'Say what the file is.'
  } else if (command === '') problems.command = 'Choose a command.'
  const { problem } = parseArguments(args)
  if (problem !== null) problems.args = problem
  const names = environment.map(({ name }) => name.trim())
  const wrong = environment.find(({ name, value }) => !isName(name.trim()) && name + value !== '')
  const double = names.find((name, n) => name !== '' && names.indexOf(name) !== n)
  if (wrong !== undefined) {
    problems.environment = `“${wrong.name}” is no name of a variable: use letters, digits and _, and begin with no digit.`
  } else if (double !== undefined) problems.environment = `${double} is set twice.`
  if (workingDirectory.trim() !== '' && !workingDirectory.trim().startsWith('/')) {
    problems.workingDirectory = 'Write the whole path, from / on.'
  }
  if (webhook.trim() !== '' && !/^https?:\/\/[^\s/]/i.test(webhook.trim())) {
    problems.webhook = 'Write an address that begins with https:// or http://.'
  }
  return problems
}

/** What is sent for a draft that has no problem. */
export function bodyOf(
  draft: JobDraft,
  chosen: {
    readonly python: string | null
    readonly r: string | null
    readonly profile: string | null
  },
): JobBody {
  const { what, script, kind, command, args, environment, cluster } = draft
  const isFile = what === 'file'
  return {
    ...(isFile ? { script: script.trim(), ...(kind !== null && { kind }) } : { command }),
    args: kindOf(draft) === 'notebook' ? [] : parseArguments(args).args,
    environment: Object.fromEntries(
      environment
        .filter(({ name }) => name.trim() !== '')
        .map(({ name, value }) => [name.trim(), value]),
    ),
    ...filled({
      name: draft.name.trim(),
      workingDirectory: draft.workingDirectory.trim(),
      webhook: draft.webhook.trim(),
      cluster: cluster ?? '',
      python: chosen.python ?? '',
      r: chosen.r ?? '',
      profile: chosen.profile ?? '',
    }),
  }
}

/** What of a request the API is sent to change it: null takes something away, and what is left out stays. */
export type JobChanges = Omit<{ readonly [K in keyof JobBody]: JobBody[K] | null }, 'name'>

/**
 * What is sent to have what a schedule runs be like this draft. Its environment, whose values nobody is told, stays unless
 * something of it was typed.
 */
export function changesOf(
  draft: JobDraft,
  known: Pick<KnownRequest, 'environmentNames'>,
  chosen: Parameters<typeof bodyOf>[1],
): JobChanges {
  const { environment, name: _, ...body } = bodyOf(draft, chosen)
  const isSame =
    environment !== undefined &&
    Object.keys(environment).join('\n') === known.environmentNames.join('\n') &&
    Object.values(environment).every((value) => value === '')
  return {
    script: null,
    command: null,
    kind: kindOf(draft),
    workingDirectory: null,
    python: null,
    r: null,
    cluster: null,
    webhook: null,
    ...body,
    ...(!isSame && { environment }),
  }
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** The folder that a file is in. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/'
}

function isName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
}

function filled<K extends string>(fields: Readonly<Record<K, string>>): Partial<Record<K, string>> {
  const entries = Object.entries<string>(fields).filter(([, value]) => value !== '')
  return Object.fromEntries(entries) as Partial<Record<K, string>>
}
