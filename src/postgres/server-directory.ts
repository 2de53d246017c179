import { constants } from 'node:fs'
import { access, lstat, mkdir, open, readFile, realpath, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { systemCode } from '../errors.ts'
import type { ServerAccount } from './server-account.ts'
import { pidInFile } from './postmaster.ts'
import { assertSocketFits } from './server-command.ts'

/** Where the built-in server keeps its things. */
export interface ServerDirectory {
  readonly root: string
  readonly data: string
  readonly socket: string
  readonly password: string
  readonly log: string
  /** Beside the root, which belongs to the server's account. */
  readonly lock: string
  /** Copies of the programs, beside the root, for accounts that cannot reach the installed ones. */
  readonly copies: string
}

/** Makes the directory and its socket folder, both open to `account` alone; throws an Error if the path is too long. */
export async function prepareDirectory(
  directory: string,
  account: ServerAccount | undefined,
): Promise<ServerDirectory> {
  await mkdir(directory, { recursive: true })
  // Postgres reports real paths, and those are compared when a server is recognised.
  const root = await realpath(directory)
  if (account) await assertOwner(join(root, 'data'), account)
  const socket = join(root, 'socket')
  assertSocketFits(socket)
  await mkdir(socket, { recursive: true })
  for (const path of [root, socket]) {
    // The second is in the first: its account could have put a link to another directory there.
    const handle = await open(path, constants.O_DIRECTORY | constants.O_NOFOLLOW)
    try {
      if (account) await handle.chown(account.uid, account.gid)
      await handle.chmod(0o700)
    } finally {
      await handle.close()
    }
  }
  return {
    root,
    data: join(root, 'data'),
    socket,
    password: join(root, 'password'),
    log: join(root, 'postgres.log'),
    lock: `${root}.lock`,
    copies: join(dirname(root), 'postgres-bin'),
  }
}

/** Postgres would refuse the data of another account, and say so in its log only. */
async function assertOwner(data: string, { name, uid }: ServerAccount): Promise<void> {
  const owner = await lstat(data).then(
    (stats) => stats.uid,
    () => uid,
  )
  if (owner === uid) return
  throw new Error(
    `${data} does not belong to ${name}, the account that the database runs as (node.user). Give it to it with: chown -R ${name}: ${dirname(data)}`,
  )
}

/** The major version of Postgres that has made the data; undefined when there is none yet. */
export async function dataVersion(data: string): Promise<string | undefined> {
  try {
    return (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim()
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Clears lock files that would refuse a start, once it is known that no server runs; true if one was killed here.
 * postmaster.pid is left alone unless its pid belongs to somebody else now: only Postgres knows what else it says.
 */
export async function removeStaleFiles(directory: ServerDirectory): Promise<boolean> {
  const pidFile = join(directory.data, 'postmaster.pid')
  const pid = await pidInFile(pidFile)
  if (pid !== undefined && (await exists(`/proc/${pid}`))) await rm(pidFile, { force: true })
  for (const name of ['.s.PGSQL.5432', '.s.PGSQL.5432.lock']) {
    await rm(join(directory.socket, name), { force: true })
  }
  return pid !== undefined
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
