import { Argument, Command } from 'commander'
import { dataPaths, type Config } from '../config.ts'
import { createLog } from '../log.ts'
import type { BackupContext } from '../start/backup.ts'
import { readConfig, withConfig, type ConfigOptions } from './config-options.ts'
import type { CliContext } from './context.ts'
import { describe, withJson, type JsonOption } from './describe.ts'
import { CommandFailure } from './failure.ts'
import { print } from './print.ts'

type Options = ConfigOptions & JsonOption

/** `atelier backup` */
export function backupCommand(context: CliContext): Command {
  return describe(withJson(withConfig(new Command('backup'))), {
    summary: 'back up the built-in database and the cluster key',
    description:
      'Writes the built-in database, as it is at one moment, and the cluster key into one new file that only you can read; Atelier may run or not. It holds the key to all sessions: keep it like a password. Homes and IDEs are not in it. A database of your own (database.url) is backed up with pg_dump.',
    examples: [
      ['atelier backup /var/backups', 'a file with the time in its name, in that directory'],
      ['atelier backup before-upgrade.backup.gz', 'a file of this name'],
    ],
  })
    .addArgument(new Argument('[target]', 'a directory, or a new file').default('.'))
    .action(async (target: string, options: Options) => {
      const { backUp } = await import('../start/backup.ts')
      const report = await backUp(backupContext(context, options), target)
      const text = `${report.file}  ${report.rows} rows, ${report.bytes} bytes, readable by you only`
      print(context, options, { text, json: report })
    })
}

/** `atelier restore` */
export function restoreCommand(context: CliContext): Command {
  return describe(withJson(withConfig(new Command('restore'))), {
    summary: 'put a backup in the place of the built-in database',
    description:
      'Reads a file of "atelier backup" into the built-in database, also one of an older Atelier, and puts its cluster key in place. Stop Atelier first. It succeeds as a whole or changes nothing.',
    examples: [
      ['atelier restore /var/backups/atelier.backup.gz', 'into a data directory not used yet'],
      [
        'atelier restore before-upgrade.backup.gz --replace',
        'in the place of what is there, which is lost',
      ],
    ],
  })
    .argument('<file>', 'a file that atelier backup has made')
    .option('--replace', 'lose the sessions and the key that are there')
    .action(async (file: string, options: Options & { readonly replace?: boolean }) => {
      const { restore } = await import('../start/backup.ts')
      const report = await restore(backupContext(context, options), file, options.replace === true)
      const text = `Restored ${report.rows} rows, as they were at ${report.madeAt}. Start it with: npm start`
      print(context, options, { text, json: report })
    })
}

function backupContext(context: CliContext, options: Options): BackupContext {
  const config = readConfig(context, options)
  refuseForeignDatabase(config)
  const log = createLog('silent', 'backup')
  return { config, log, root: context.account.root, version: context.version }
}

function refuseForeignDatabase(config: Config): void {
  if (config.database.url === undefined) return
  throw new CommandFailure(
    'FOREIGN_DATABASE',
    `The database at database.url is your own: back it up with "pg_dump --schema=atelier" (and restore it with pg_restore or psql), together with ${dataPaths(config).clusterKey}.`,
  )
}
