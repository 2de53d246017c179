import { Command } from 'commander'
import { backupCommand, restoreCommand } from './backup-command.ts'
import { clusterCommand } from './cluster-command.ts'
import { completionCommand } from './completion-command.ts'
import { configCommand } from './config-command.ts'
import type { CliContext } from './context.ts'
import { UsageError } from './failure.ts'
import { ideCommand } from './ide-command.ts'
import { jobCommand } from './job-command.ts'
import { launcherCommand } from './launcher-command.ts'
import { nodeCommand } from './node-command.ts'
import { noticeCommand } from './notice-command.ts'
import { pamCommand } from './pam-command.ts'
import { pluginCommand } from './plugin-command.ts'
import { scheduleCommand } from './schedule-command.ts'
import { sessionCommand } from './session-command.ts'
import { signInCommand } from './sign-in-command.ts'
import { startCommand } from './start-command.ts'
import { tokenCommand } from './token-command.ts'
import { versionsCommand } from './versions-command.ts'

const WORDS = `
Words:
  node      one server that runs Atelier: pages, API and the traffic to sessions
  session   one running IDE of one user; it outlives every process of Atelier
  job       a script that is run to its end, apart from any session
  IDE       what a session runs: JupyterLab, Jupyter Notebook, VS Code
  Launcher  the service that starts and controls jobs; a session is a job that listens

First steps:
  $ atelier start
      Runs everything and prints a link that signs you in.
  $ atelier session start jupyterlab
      In another terminal: a session, as with the button of the home page.
  $ atelier job submit script.R
      A job; in the terminal of a session that is all that is needed.

Environment:
  ATELIER_CONFIG                  the configuration file, as --config
  ATELIER_ADDRESS, ATELIER_TOKEN  another Atelier, and an API token for it

Exit codes: 0 done, 1 it could not be done, 2 the command line is not understood.`

/** The command line of Atelier: every command, with its help. */
export function atelierProgram(context: CliContext): Command {
  const program = new Command('atelier')
    .description('An open workbench: Jupyter and VS Code sessions in the browser.')
    .version(context.version)
    .addHelpText('after', WORDS)
  const commands = [
    startCommand(context),
    sessionCommand(context),
    jobCommand(context),
    scheduleCommand(context),
    ideCommand(context),
    versionsCommand(context),
    signInCommand(context),
    tokenCommand(context),
    configCommand(context),
    backupCommand(context),
    restoreCommand(context),
    clusterCommand(context),
    nodeCommand(context),
    noticeCommand(context),
    launcherCommand(context),
    pamCommand(context),
    pluginCommand(context),
    completionCommand(context, () => program),
  ]
  for (const command of commands) program.addCommand(command)
  const throughContext = (command: Command) => {
    command.configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      // What is wrong is told once, by whoever catches the error.
      outputError: () => undefined,
    })
    command.exitOverride((error) => {
      throw error.code.startsWith('commander.help') || error.code === 'commander.version'
        ? error
        : new UsageError(command, error)
    })
    command.commands.forEach(throughContext)
  }
  throughContext(program)
  return program
}
