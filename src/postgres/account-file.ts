import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'

/**
 * Opens a file in the directory of the built-in server, which belongs to the server's account: root must not be led
 * elsewhere from there. Throws if it is a link, has a second name, or is no ordinary file.
 */
export async function openAccountFile(file: string, flags: number): Promise<FileHandle> {
  // Non-blocking, as opening a pipe would wait for its other end.
  const handle = await open(file, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o600)
  const stats = await handle.stat()
  if (stats.isFile() && stats.nlink === 1) return handle
  await handle.close()
  throw new Error(`${file} is not an ordinary file with one name.`)
}
