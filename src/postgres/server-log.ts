import { constants } from 'node:fs'
import { open, rm, type FileHandle } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { openAccountFile } from './account-file.ts'
import type { ServerAccount } from './server-account.ts'

/** The largest size in bytes that the log file of the built-in server keeps between two looks at it. */
export const SERVER_LOG_LIMIT = 8 * 1024 * 1024

/** Opens the log file for a server to append to, readable by its account only. */
export async function openServerLog(
  file: string,
  account: ServerAccount | undefined,
): Promise<FileHandle> {
  const { O_WRONLY, O_APPEND, O_CREAT } = constants
  const handle = await openAccountFile(file, O_WRONLY | O_APPEND | O_CREAT)
  if (account) await handle.chown(account.uid, account.gid)
  return handle
}

/**
 * Moves what a log file of more than `limit` bytes holds to `<file>.1` and empties it in place: a running server appends,
 * so it goes on at the start.
 */
export async function trimServerLog(file: string, limit: number): Promise<void> {
  const handle = await openAccountFile(file, constants.O_RDWR)
  try {
    if ((await handle.stat()).size <= limit) return
    await rm(`${file}.1`, { force: true })
    const copy = await open(`${file}.1`, 'wx', 0o600)
    await pipeline(
      handle.createReadStream({ start: 0, autoClose: false }),
      copy.createWriteStream(),
    )
    await handle.truncate()
  } finally {
    await handle.close()
  }
}

/** What the server has written since `offset` bytes, at most its last 2000 bytes. */
export async function serverLogEnd(file: string, offset: number): Promise<string> {
  const handle = await openAccountFile(file, constants.O_RDONLY)
  try {
    const { size } = await handle.stat()
    const start = Math.max(Math.min(offset, size), size - 2000)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), { position: start })
    return buffer.toString('utf8', 0, bytesRead).trim()
  } finally {
    await handle.close()
  }
}
