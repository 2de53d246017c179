/** What a person is told of tables that are there once for each name. */
export interface NamedTable {
  /** What stands above it in the example file. */
  readonly introduction: string
  /** The name in the example file. */
  readonly example: string
  /** What is said of a name that cannot be one. */
  readonly badName: string
}

const LIMITS: NamedTable = {
  introduction:
    'What users may have: one table for everybody ("*"), one for each group of accounts ("@" and its name) and one for each user. Of a key that several tables have for a user, the own one of the user counts, else that of the last of the groups in this file, else that of everybody. Sessions that run keep what they were started with, but for the last two keys.',
  example: '*',
  badName: 'cannot be a name; it must be "*", "@" and the name of a group, or the name of a user',
}

const PROFILES: NamedTable = {
  introduction:
    'Resource profiles, one table each under a name of your choice: who starts a session chooses one, and the first is the usual. Without any, every session may use the whole server.',
  example: 'large',
  badName:
    'cannot be a name; it must begin with a letter and be made of a to z, 0 to 9 and -, up to 31 of them',
}

const CLUSTERS: NamedTable = {
  introduction:
    'Launcher clusters, one table each under a name of your choice: who runs jobs. Sessions run in the one called Local, else in the first. Without any there is one, Local, of type local.',
  example: 'Slurm',
  badName:
    'cannot be the name of a Launcher cluster; it must be made of letters, digits, ".", "_" and "-", begin with a letter or a digit, and have at most 63 of them',
}

const COMMANDS: NamedTable = {
  introduction:
    'Commands that people may run as jobs beside files of their own, one table each under a name of your choice.',
  example: 'nightly',
  badName:
    'cannot be the name of a command; it must begin with a letter and be made of a to z, 0 to 9 and -, up to 31 of them',
}

/** What is told of this table; it is asked of those only that are there once for each name. */
export function namedTable(table: string): NamedTable {
  if (table === 'limits') return LIMITS
  if (table === 'jobs.commands') return COMMANDS
  return table === 'launcher.clusters' ? CLUSTERS : PROFILES
}
