import { constants } from 'node:fs'
import { mkdir, open, type FileHandle } from 'node:fs/promises'
import type { OutputFiles } from './output-files.ts'

/** The open files of an output. */
export interface OutputHandles {
  readonly output: FileHandle
  readonly streams: FileHandle
  readonly lines: FileHandle
}

/** Opens them for writing, made if they are not there; nobody else can read them. Throws the errors of node:fs. */
export async function openForWriting(files: OutputFiles): Promise<OutputHandles> {
  await mkdir(files.directory, { recursive: true, mode: 0o700 })
  return openAll(files, constants.O_RDWR | constants.O_CREAT)
}

/** Opens them for reading. Throws ENOENT if there are none. */
export async function openForReading(files: OutputFiles): Promise<OutputHandles> {
  return openAll(files, constants.O_RDONLY)
}

/** Closes them all. */
export async function closeHandles(handles: OutputHandles): Promise<void> {
  for (const handle of [handles.output, handles.streams, handles.lines]) await handle.close()
}

async function openAll(files: OutputFiles, flags: number): Promise<OutputHandles> {
  const opened: FileHandle[] = []
  const openOne = async (path: string) => {
    const handle = await open(path, flags | constants.O_NOFOLLOW, 0o600)
    opened.push(handle)
    return handle
  }
  try {
    // The output last, so that whoever finds it finds the others.
    const streams = await openOne(files.streams)
    const lines = await openOne(files.lines)
    return { streams, lines, output: await openOne(files.output) }
  } catch (error) {
    for (const handle of opened) await handle.close()
    throw error
  }
}
