import { join } from 'node:path'

/** The files in which the output and the use of one job are kept. */
export interface OutputFiles {
  readonly directory: string
  /** The bytes of all streams as they came. */
  readonly output: string
  /** At which offset which stream begins: STREAM_RECORD. */
  readonly streams: string
  /** Where some of the lines begin: LINE_RECORD. */
  readonly lines: string
  /** What it used when: USAGE_RECORD. */
  readonly usage: string
}

const ID = /^[A-Za-z0-9_-]{3,64}$/

/** True for what can be the id of a job, and leads nowhere else as a name of a file. */
export function isJobId(id: string): boolean {
  return ID.test(id)
}

/** The files of the job of this id below `root`. Throws for an id that is none, which could lead elsewhere. */
export function outputFiles(root: string, id: string): OutputFiles {
  if (!isJobId(id)) throw new Error('this is not the id of a job')
  const directory = join(root, id.slice(0, 2), id)
  return {
    directory,
    output: join(directory, 'output'),
    streams: join(directory, 'streams'),
    lines: join(directory, 'lines'),
    usage: join(directory, 'usage'),
  }
}
