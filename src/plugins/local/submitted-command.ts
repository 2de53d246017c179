import { PLUGIN_ERROR, PluginError } from '../../launcher/plugin-error.ts'
import type { SubmittedJob } from '../../launcher/protocol-schemas.ts'

/** A program with its arguments. */
export interface Program {
  readonly exe: string
  readonly args: readonly string[]
}

/**
 * Runs the rest of its arguments, and lets tee(1) copy what they write to the files that the first two name, where they
 * do. Run as the job's account, which alone may say where it writes to. tee outlives SIGTERM, so that the last words of
 * a job that is stopped are copied too.
 */
const WITH_COPIES = `
copy() {
  mkfifo -m 600 "$1" || exit 126
  (trap '' TERM; exec tee -- "$2" < "$1") &
}
out=$1 err=$2
shift 2
if [ -n "$err" ]; then
  copy "$ATELIER_DIRECTORY/.stderr" "$err" >&2
  exec 2> "$ATELIER_DIRECTORY/.stderr"
fi
if [ -n "$out" ]; then
  copy "$ATELIER_DIRECTORY/.stdout" "$out"
  exec > "$ATELIER_DIRECTORY/.stdout"
fi
exec "$@"
`

/** What a job runs: its exe with its arguments, or a shell with its command. Throws PluginError unless it has one of both. */
export function submittedProgram(
  job: Pick<SubmittedJob, 'exe' | 'command' | 'args' | 'stdoutFile' | 'stderrFile'>,
): Program {
  const { exe, command, args, stdoutFile, stderrFile } = job
  if ((exe === '') === (command === '')) {
    const what = exe === '' ? 'neither an exe nor a command' : 'both an exe and a command'
    throw new PluginError(PLUGIN_ERROR.invalidRequest, `The job has ${what}.`)
  }
  const program =
    exe === '' ? { exe: '/bin/sh', args: ['-c', command, 'sh', ...args] } : { exe, args }
  if (stdoutFile === '' && stderrFile === '') return program
  const copies = ['-c', WITH_COPIES, 'copy', stdoutFile, stderrFile]
  return { exe: '/bin/sh', args: [...copies, program.exe, ...program.args] }
}
