import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import type { Test } from 'tap'

/** A folder in the home of whoever runs the tests, with scripts in it. */
export interface HomeFiles {
  readonly folder: string
  /** What the folder is called. */
  readonly name: string
  /** Makes a waiting script end. */
  readonly release: () => Promise<void>
}

/** Makes such a folder: `hello.sh` prints its arguments, `wait.sh` waits until it is released; removed when the test ends. */
export async function makeHomeFiles(t: Test): Promise<HomeFiles> {
  const folder = await mkdtemp(join(homedir(), 'atelier-browser-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const write = async (name: string, text: string): Promise<void> => {
    await writeFile(join(folder, name), text)
    await chmod(join(folder, name), 0o755)
  }
  await write('hello.sh', 'for each in "$@"; do echo "hello $each"; done\n')
  await write('wait.sh', 'echo waiting\nuntil [ -e "$(dirname "$0")/go" ]; do sleep 0.2; done\n')
  await write('notes.txt', 'nothing to run\n')
  return { folder, name: basename(folder), release: () => writeFile(join(folder, 'go'), '') }
}
