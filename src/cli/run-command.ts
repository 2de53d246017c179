import type { CliContext } from './context.ts'
import { EXIT, reportFailure } from './failure.ts'
import { atelierProgram } from './program.ts'

/** Runs the command that `args` call, tells what goes wrong, and answers the exit code. */
export async function runCommand(context: CliContext, args: readonly string[]): Promise<number> {
  try {
    await atelierProgram(context).parseAsync(args, { from: 'user' })
    return EXIT.ok
  } catch (error) {
    return reportFailure(error, context.stderr, args.includes('--json'))
  }
}
