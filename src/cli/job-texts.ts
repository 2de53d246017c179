import { isAbsolute, join, normalize } from 'node:path'
import { CommandFailure } from './failure.ts'
import type { OwnJob } from './own-jobs.ts'

/** The absolute path of what somebody names who is in `directory`. */
export function absolutePath(path: string, directory: string): string {
  return isAbsolute(path) ? normalize(path) : join(directory, path)
}

/**
 * The variables that a job gets: of `NAME=VALUE` the value, of `NAME` that of our own environment, so that no secret need
 * be on a command line. Throws CommandFailure for a name that is not set.
 */
export function variablesOf(
  wanted: readonly string[],
  environment: NodeJS.ProcessEnv,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    wanted.map((text): [string, string] => {
      const equals = text.indexOf('=')
      if (equals >= 0) return [text.slice(0, equals), text.slice(equals + 1)]
      const value = environment[text]
      if (value !== undefined) return [text, value]
      throw new CommandFailure('USAGE', `--env ${text}: there is no such variable here.`)
    }),
  )
}

/** How a job has ended, as an exit code and, unless it ended by itself, a sentence. */
export function endOf(job: OwnJob): { readonly code: number; readonly sentence?: string } {
  if (job.state === 'Finished') return { code: job.exitCode ?? 1 }
  const why = job.reason === null ? '' : ` ${job.reason}`
  return { code: job.exitCode || 1, sentence: `Job ${job.id} is ${job.state}.${why}` }
}

/** All that is told of a job, a line each. */
export function jobText(job: OwnJob): string {
  const lines: [string, string | number | null | undefined][] = [
    ['Id', job.id],
    ['Name', job.name],
    ['State', job.state + (job.exitCode === null ? '' : `, exit code ${job.exitCode}`)],
    ['Reason', job.reason],
    ['Runs', job.script ?? job.command],
    ['Arguments', job.args.length === 0 ? null : JSON.stringify(job.args)],
    ['Variables', job.environmentNames.join(' ')],
    ['Folder', job.workingDirectory],
    ['Python', job.python],
    ['R', job.r],
    ['Cluster', job.cluster],
    ['Profile', job.profile],
    ['Node', job.node],
    ['Host', job.host],
    ['Session', job.session],
    ['Schedule', job.schedule],
    ['Submitted', second(job.createdAt)],
    ['Started', second(job.startedAt)],
    ['Ended', second(job.endedAt)],
    ['CPU', job.cpuSeconds === null ? null : `${job.cpuSeconds.toFixed(1)} s`],
    ['Memory', job.peakMemoryBytes === null ? null : `${mib(job.peakMemoryBytes)} MiB at most`],
    ['Output', job.outputBytes === null ? null : `${job.outputBytes} bytes`],
  ]
  return lines
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => `${name.padEnd(10)} ${value}`)
    .join('\n')
}

/** A time of the API to the second; null stays null. */
export function second<T extends string | null>(time: T): T {
  return (time === null ? null : time.replace(/\..*$/, 'Z')) as T
}

function mib(bytes: number): number {
  return Math.ceil(bytes / 1024 / 1024)
}
