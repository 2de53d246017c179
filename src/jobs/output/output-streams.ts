import type { JobOutput } from '../../launcher/job.ts'

/**
 * The streams of which the output of a job consists: those that the Launcher tells, and `notice` for what we say ourselves.
 * Their places in this list are what is written to disk.
 */
export const OUTPUT_STREAMS = ['stdout', 'stderr', 'mixed', 'notice'] as const

/** One of these streams. */
export type OutputStreamName = (typeof OUTPUT_STREAMS)[number]

/** What somebody is told of what a piece of output is. */
export type OutputType = JobOutput['type']

/** A number of bytes of each stream. */
export type StreamBytes = Readonly<Record<OutputStreamName, number>>

/** No bytes of any stream. */
export const NO_BYTES: StreamBytes = { stdout: 0, stderr: 0, mixed: 0, notice: 0 }

/** What a stream is told as. */
export function outputType(stream: OutputStreamName): OutputType {
  return stream === 'notice' ? 'mixed' : stream
}
