import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { nanoid } from 'nanoid'
import { z } from 'zod'
import type { InstallableIde } from './ide-family.ts'
import type { IdeStatus } from './ide.ts'
import { installCommand } from './ide-family.ts'
import { processStart } from '../proc-stat.ts'

const schema = z.object({
  state: z.enum(['installing', 'installed', 'failed']),
  step: z.string().nullable(),
  percent: z.number().nullable(),
  message: z.string().nullable(),
  mend: z.string().nullable(),
  /** When this was written, as ISO 8601. */
  time: z.string(),
  /** The installer, and its start as of `processStart`: together they name one process for ever. */
  pid: z.number(),
  startTime: z.number(),
})

/** What an installer tells other processes about itself, in its family's state file. */
export type InstallState = z.infer<typeof schema>

/** The state file's content; undefined if there is none or it is not understood. */
export async function readInstallState(file: string): Promise<InstallState | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return undefined
  }
}

/** Replaces the state file in one step. */
export async function writeInstallState(file: string, state: InstallState): Promise<void> {
  const draft = `${file}.${nanoid(8)}`
  try {
    await writeFile(draft, `${JSON.stringify(state)}\n`, { mode: 0o644 })
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

/** True while the process that wrote this state runs. */
export async function installerAlive(state: InstallState): Promise<boolean> {
  return (await processStart(state.pid)) === state.startTime
}

/** What the state file says about an IDE that was not found; `alive` tells whether its installer still runs. */
export function describeInstallState(
  name: InstallableIde,
  state: InstallState | undefined,
  alive: boolean,
): Omit<IdeStatus, 'name' | 'title'> {
  const idle = { version: null, step: null, percent: null, mend: installCommand(name) }
  if (state === undefined || state.state === 'installed') {
    return { ...idle, state: 'missing', message: 'It is not installed.' }
  }
  if (state.state === 'failed') {
    return { ...idle, state: 'failed', message: state.message, mend: state.mend ?? idle.mend }
  }
  if (!alive) return { ...idle, state: 'failed', message: 'Its installation was interrupted.' }
  const { step, percent } = state
  return { state: 'installing', version: null, step, percent, message: null, mend: null }
}
