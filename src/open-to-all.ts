import { chmod, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Lets everybody read a directory of ours with all that is in it, and run what we may run. Throws the errors of node:fs. */
export async function openToAll(directory: string): Promise<void> {
  await chmod(directory, 0o755)
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) await openToAll(path)
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644)
  }
}
