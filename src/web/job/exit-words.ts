import type { JobView } from '../api/job-view.ts'

const SIGNALS: Readonly<Record<number, readonly [name: string, words: string]>> = {
  1: ['SIGHUP', 'its terminal went away'],
  2: ['SIGINT', 'it was interrupted'],
  3: ['SIGQUIT', 'it was asked to quit'],
  4: ['SIGILL', 'it met an instruction that this processor does not know'],
  6: ['SIGABRT', 'it gave up by itself'],
  7: ['SIGBUS', 'it used memory that is not there'],
  8: ['SIGFPE', 'it computed something impossible, such as a division by zero'],
  9: ['SIGKILL', 'it was killed'],
  11: ['SIGSEGV', 'it crashed: it used memory that is not its own'],
  13: ['SIGPIPE', 'nobody read any more what it wrote'],
  14: ['SIGALRM', 'its own alarm rang'],
  15: ['SIGTERM', 'it was asked to end'],
  24: ['SIGXCPU', 'it used more processor time than it may'],
  25: ['SIGXFSZ', 'it wrote a larger file than it may'],
}
const CODES: Readonly<Record<number, string>> = {
  0: 'it succeeded',
  1: 'it failed',
  2: 'it failed, often because of a wrong argument',
  126: 'the file could not be executed',
  127: 'a command was not found',
}
// So much of what it may have makes it likely that it wanted more.
const ALMOST = 0.95

/** An exit code in words: `0: it succeeded`; null as long as there is none. */
export function exitWords(
  job: Pick<JobView, 'exitCode' | 'desired' | 'limits' | 'peakMemoryBytes'>,
): string | null {
  const { exitCode } = job
  if (exitCode === null) return null
  const signal = SIGNALS[exitCode - 128]
  if (signal === undefined) return `${exitCode}: ${CODES[exitCode] ?? 'it failed'}`
  const [name, words] = signal
  return `${exitCode}: ${words}${becauseOf(job)} (${name})`
}

function becauseOf({
  exitCode,
  desired,
  limits,
  peakMemoryBytes,
}: Pick<JobView, 'exitCode' | 'desired' | 'limits' | 'peakMemoryBytes'>): string {
  if (desired !== 'running') return ', as was wanted'
  if (exitCode !== 137) return ''
  const most = limits.memoryBytes
  const full = most !== null && peakMemoryBytes !== null && peakMemoryBytes >= most * ALMOST
  return full
    ? ', most likely as it wanted more memory than it may have'
    : ', perhaps out of memory'
}
