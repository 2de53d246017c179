import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { open, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { execa } from 'execa'
import { nanoid } from 'nanoid'
import { AtelierError, systemCode } from '../errors.ts'
import { openAccountFile } from './account-file.ts'
import { commandAs, SERVER_ENVIRONMENT, type ServerAccount } from './server-account.ts'
import type { NativeTree } from './native-tree.ts'
import type { ServerDirectory } from './server-directory.ts'

const REMOVE_ATTEMPTS = 40
const REMOVE_RETRY_MS = 250

/** The name of the built-in server's superuser and of its database. */
export const DATABASE_NAME = 'atelier'

/** The password in `file`, made at the first call; only `account` (or this process' user) can read the file. */
export async function keptPassword(
  file: string,
  account: ServerAccount | undefined,
): Promise<string> {
  const kept = await readPassword(file)
  if (kept !== '') return kept
  const password = randomBytes(24).toString('base64url')
  const fresh = `${file}.new-${nanoid()}`
  const handle = await open(fresh, 'wx', 0o600)
  try {
    await handle.writeFile(`${password}\n`)
    if (account) await handle.chown(account.uid, account.gid)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(fresh, file)
  return password
}

/**
 * Makes a new data directory, whole or not at all, for a superuser with the kept password: what an interrupted attempt has
 * left is removed first. Throws what `initdbError` makes of initdb's words.
 */
export async function initializeData(options: {
  readonly tree: NativeTree
  readonly directory: ServerDirectory
  readonly account: ServerAccount | undefined
  readonly signal?: AbortSignal | undefined
}): Promise<void> {
  const { root, data, password } = options.directory
  await removeAttempts(root)
  // Each attempt has a name of its own: the initdb of a killed node may still be writing to the last one.
  const fresh = join(root, `data.new-${nanoid()}`)
  const command = commandAs(options.account, options.tree.initdb, [
    `--pgdata=${fresh}`,
    `--username=${DATABASE_NAME}`,
    `--pwfile=${password}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The server's own collation: sorting must not change with the C library of the machine.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ])
  try {
    const result = await execa(command.file, command.args, {
      cwd: root,
      env: SERVER_ENVIRONMENT,
      extendEnv: false,
      reject: false,
      all: true,
      ...(options.signal && { cancelSignal: options.signal }),
    })
    options.signal?.throwIfAborted()
    if (result.failed) throw initdbError(result.all || (result.shortMessage ?? ''), root)
    await rename(fresh, data)
  } finally {
    await removeAttempts(root)
  }
}

/** Why initdb failed in `directory`: DISK_FULL in one sentence, anything else in initdb's own words. */
export function initdbError(words: string, directory: string): Error {
  const error = new Error(`initdb failed: ${words}`)
  if (!/No space left|ENOSPC/.test(words)) return error
  const sentence = `The disk that holds ${directory} is full. Free some space and start again.`
  return new AtelierError('DISK_FULL', sentence, { cause: error })
}

/** Empty if there is none yet. */
async function readPassword(file: string): Promise<string> {
  try {
    const handle = await openAccountFile(file, constants.O_RDONLY)
    try {
      return (await handle.readFile('utf8')).trim()
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return ''
    throw error
  }
}

/** By rm(1), which follows no link that the account puts in its way meanwhile; Node's own removal can be raced. */
async function removeAttempts(directory: string): Promise<void> {
  const attempts = (await readdir(directory)).filter((name) => name.startsWith('data.new'))
  if (attempts.length === 0) return
  const paths = attempts.map((name) => join(directory, name))
  for (let attempt = 1; ; attempt++) {
    try {
      await execa('rm', ['-rf', '--', ...paths])
      return
    } catch (error) {
      // An initdb whose parent was killed may still be writing; it ends within seconds.
      if (attempt >= REMOVE_ATTEMPTS) throw error
      await delay(REMOVE_RETRY_MS)
    }
  }
}
