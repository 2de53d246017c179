import { Command, InvalidArgumentError, Option } from 'commander'
import { SCOPES } from '../auth/scopes.ts'
import { withConfig, type ConfigOptions } from './config-options.ts'
import { connect, CONNECT_HELP } from './connect.ts'
import type { CliContext } from './context.ts'
import { describe, withJson, type JsonOption, type Teaching } from './describe.ts'
import { readLifetime } from './lifetime.ts'
import { OwnTokens } from './own-tokens.ts'
import { print, textTable } from './print.ts'
import { withUser, type UserOption } from './speak-for.ts'

type Options = ConfigOptions & JsonOption & UserOption

/** `atelier token` */
export function tokenCommand(context: CliContext): Command {
  const leaf = (name: string, teaching: Teaching) =>
    describe(withJson(withUser(withConfig(new Command(name)))), teaching).addHelpText(
      'after',
      CONNECT_HELP,
    )

  const create = leaf('create', {
    summary: 'make an API token',
    description:
      'Makes an API token and prints it, and nothing else, on standard output: this once, as Atelier keeps only its hash. Programs send it as "Authorization: Bearer TOKEN". It opens the API, but no session.',
    examples: [
      ['atelier token create --name laptop --scope sessions --scope read', 'for 90 days'],
      ['atelier token create --name ci --scope read --expires never > ci.token', 'into a file'],
    ],
  })
    .requiredOption('--name <name>', 'what you call it, to know it again in the list')
    .addOption(
      new Option(
        '--scope <scope...>',
        'what it may do: read looks, sessions starts, changes and stops them, jobs runs, schedules and stops jobs, admin makes and revokes tokens and looks after the cluster; repeatable',
      )
        .choices(SCOPES)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--expires <days>', 'how long it works: 1d to 3650d, or never')
        .default({ days: 90 }, '90d')
        .argParser(lifetime),
    )
    .action((options: Options & CreateOptions) => createToken(context, options))

  const list = leaf('list', {
    summary: 'show your API tokens',
    description:
      'Shows your API tokens, oldest first: id, name, what each may do, until when, and when it was last used. The tokens themselves are shown by nobody.',
    examples: [
      ['atelier token list', 'as a table'],
      ['atelier token list --json', 'with everything that the API tells'],
    ],
  }).action((options: Options) => listTokens(context, options))

  const revoke = leaf('revoke', {
    summary: 'revoke an API token',
    description: 'Revokes an API token: from then on it opens nothing. There is no way back.',
    examples: [['atelier token revoke 4f0q2m8x1c7z', 'with the id that "token list" shows']],
  })
    .argument('<id>', 'its id')
    .action((id: string, options: Options) => revokeToken(context, id, options))

  const command = new Command('token')
    .summary('API tokens for programs: create, list, revoke')
    .description(
      'Your API tokens, with which programs, and this command line on other machines, use the API of Atelier for you.',
    )
  for (const each of [create, list, revoke]) command.addCommand(each)
  return command
}

interface CreateOptions {
  readonly name: string
  readonly scope: readonly string[]
  readonly expires: Lifetime
}

// An object, as commander takes null for an option without a value.
interface Lifetime {
  readonly days: number | null
}

function lifetime(text: string): Lifetime {
  const days = readLifetime(text)
  if (days !== undefined) return { days }
  throw new InvalidArgumentError('Write it as 90d, from 1d to 3650d, or never.')
}

async function createToken(context: CliContext, options: Options & CreateOptions): Promise<void> {
  const { name, scope, expires } = options
  const wanted = { name, scopes: scope, expiresInDays: expires.days }
  const created = await (await ownTokens(context, options)).create(wanted)
  print(context, options, { text: created.token, json: created })
  // Beside the answer, and only where a person reads it.
  if (!options.json && context.stdout.isTTY) {
    context.stderr.write('Keep it: it is not shown again. It works until revoked or expired.\n')
  }
}

async function listTokens(context: CliContext, options: Options): Promise<void> {
  const items = await (await ownTokens(context, options)).list()
  const rows = items.map(({ id, name, scopes, expiresAt, lastUsedAt }) => [
    id,
    name,
    scopes.join(','),
    expiresAt === null ? 'never' : toSecond(expiresAt),
    lastUsedAt === null ? 'never' : toSecond(lastUsedAt),
  ])
  const text =
    rows.length === 0
      ? 'You have no API tokens. Make one with: atelier token create'
      : textTable(['ID', 'NAME', 'SCOPES', 'EXPIRES', 'LAST USED'], rows)
  print(context, options, { text, json: { items } })
}

async function revokeToken(context: CliContext, id: string, options: Options): Promise<void> {
  await (await ownTokens(context, options)).revoke(id)
  print(context, options, { text: `${id}  revoked`, json: { id, revoked: true } })
}

async function ownTokens(context: CliContext, options: Options): Promise<OwnTokens> {
  return new OwnTokens({ client: await connect(context, options) })
}

function toSecond(time: string): string {
  return time.replace(/\..*$/, 'Z')
}
