import { Argument, Command, type Option } from 'commander'
import { configKeys } from '../config/keys.ts'
import { bashCompletion, type CompletableCommand, type Values } from './bash-completion.ts'
import type { CliContext } from './context.ts'
import { describe } from './describe.ts'

/** `atelier completion`; `program` is the command line that is completed, of which this is a part. */
export function completionCommand(
  { stdout }: Pick<CliContext, 'stdout'>,
  program: () => Command,
): Command {
  const command = describe(new Command('completion'), {
    summary: 'print a script that completes commands in your shell',
    description:
      'Prints a script for your shell that completes commands, options, IDEs and configuration keys with the Tab key.',
    examples: [
      ['atelier completion bash > ~/.local/share/bash-completion/completions/atelier', 'for good'],
      ['atelier completion bash', 'source <(atelier completion bash) is for this terminal only'],
    ],
  })
  return command
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash']))
    .action(() => {
      stdout.write(bashCompletion(program().name(), completable(program(), [])))
    })
}

/** What can be completed: a command and all below it. */
export function completable(command: Command, path: readonly string[]): CompletableCommand[] {
  const own: CompletableCommand = {
    path,
    subcommands: command.commands.map((each) => each.name()),
    options: [
      ...command.options.map((option) => ({
        flag: option.long ?? option.flags,
        values: takesValue(option) ? optionValues(option) : undefined,
      })),
      { flag: '--help', values: undefined },
    ],
    arguments: argumentValues(command),
  }
  const below = command.commands.flatMap((each) => completable(each, [...path, each.name()]))
  return [own, ...below]
}

function takesValue(option: Option): boolean {
  return option.required || option.optional
}

function optionValues(option: Option): Values {
  if (option.argChoices) return option.argChoices
  if (option.long === '--set') return configKeys().map(({ name }) => `${name}=`)
  return namesFile(option.flags) ? 'files' : 'anything'
}

function argumentValues(command: Command): Values {
  const [first] = command.registeredArguments
  if (first?.argChoices) return first.argChoices
  return first && namesFile(first.name()) ? 'files' : 'anything'
}

function namesFile(text: string): boolean {
  return /\b(file|directory|target)\b/.test(text)
}
