import { Command } from 'commander'
import { exampleConfig } from '../config/example.ts'
import { configKeys, valueOf } from '../config/keys.ts'
import { configFile, readConfig, withConfig, type ConfigOptions } from './config-options.ts'
import type { CliContext } from './context.ts'
import { describe, withJson, type JsonOption } from './describe.ts'
import { isKnownHere, limitWarnings } from './limit-warnings.ts'
import { print } from './print.ts'

/** `atelier config` */
export function configCommand(context: CliContext): Command {
  const check = describe(withJson(withConfig(new Command('check'))), {
    summary: 'check the configuration and show what would be in force',
    description:
      'Checks the configuration without starting anything. It prints every value that would be in force, secrets hidden, or all mistakes at once with file, line, key and what would be right; then its exit code is 1.',
    examples: [
      ['atelier config check', 'before a restart or SIGHUP'],
      ['atelier config check --config new.toml', 'a file that is not in use yet'],
      ['atelier config check --json', 'for a program that writes configurations'],
    ],
  }).action((options: ConfigOptions & JsonOption) => checkConfig(context, options))
  const example = describe(withJson(new Command('example')), {
    summary: 'print a configuration file with every key',
    description:
      'Prints a configuration file with every key there is, its default, its unit and what it decides; all commented out. As JSON it is a list of the keys.',
    examples: [['atelier config example > atelier.toml', 'as a start of your own']],
  }).action((options: JsonOption) => {
    const keys = configKeys().map(({ name, description, unit, right, ...rest }) => ({
      key: name,
      description,
      default: rest.standard ?? null,
      otherwise: rest.otherwise ?? null,
      unit: unit ?? null,
      right,
      secret: rest.secret ?? false,
      reloadable: rest.reloadable ?? false,
    }))
    print(context, options, { text: exampleConfig().trimEnd(), json: { keys } })
  })
  return new Command('config')
    .summary('the configuration file')
    .description('The configuration: one TOML file, in which every key has a default.')
    .addCommand(check)
    .addCommand(example)
}

async function checkConfig(
  context: CliContext,
  options: ConfigOptions & JsonOption,
): Promise<void> {
  const config = readConfig(context, options)
  const file = configFile(context, options) ?? null
  const warnings = await limitWarnings(config, isKnownHere)
  const values = configKeys().map((key) => {
    const value = valueOf(config, key)
    return { key, value: key.secret && value !== undefined ? '(hidden)' : value }
  })
  const lines = values.map(({ key, value }) =>
    value === undefined
      ? `# ${key.name}: ${key.otherwise}`
      : `${key.name} = ${JSON.stringify(value)}`,
  )
  const from = file ?? 'The configuration without a file'
  print(context, options, {
    text: [
      ...warnings.map((warning) => `# Warning: ${warning}.`),
      `# ${from} is right. In force would be:`,
      ...lines,
    ].join('\n'),
    json: {
      file,
      warnings,
      config: Object.fromEntries(values.map(({ key, value }) => [key.name, value ?? null])),
    },
  })
}
