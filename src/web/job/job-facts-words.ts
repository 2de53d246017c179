import type { JobView } from '../api/job-view.ts'
import { formatElapsed } from '../format/format-time.ts'
import { formatBytes, formatBytesOf, formatPercentOf } from '../format/format-usage.ts'

/** What is run, as somebody would type it: the file or command with its arguments, quoted where a shell needs it. */
export function commandLineOf({
  script,
  command,
  args,
}: Pick<JobView, 'script' | 'command' | 'args'>): string {
  return [script ?? command ?? '', ...args].map(quoted).join(' ')
}

/** What a job uses now, or has used in all: `35 of 200 % processor, 1.2 of 4 GiB memory`; null if that is not known. */
export function usedWords(job: JobView): string | null {
  const { cpuPercent, memoryBytes, cpuSeconds, peakMemoryBytes, endedAt } = job
  const words =
    endedAt === null
      ? [
          cpuPercent === null ? null : `${formatPercentOf(cpuPercent, job.limits.cpus)} processor`,
          memoryBytes === null
            ? null
            : `${formatBytesOf(memoryBytes, job.limits.memoryBytes)} memory`,
        ]
      : [
          cpuSeconds === null ? null : `${secondsWords(cpuSeconds)} of processor time`,
          // None was measured: it was too short.
          peakMemoryBytes === null || peakMemoryBytes === 0
            ? null
            : `at most ${formatBytes(peakMemoryBytes)} memory`,
        ]
  const known = words.filter((each) => each !== null)
  return known.length === 0 ? null : known.join(', ')
}

function secondsWords(seconds: number): string {
  return seconds < 10 ? `${Number(seconds.toFixed(1))} s` : formatElapsed(seconds * 1000)
}

function quoted(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
