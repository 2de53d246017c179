import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Page } from 'playwright-core'
import type { Test } from 'tap'

/** A folder in the home of the account that jobs run under, with scripts in it. */
export interface HomeFiles {
  readonly folder: string
  /** What the folder is called. */
  readonly name: string
}

/** Makes such a folder: `hello.sh` prints its arguments, `wait.sh` never ends; `page` is signed in. Removed when the test ends. */
export async function makeHomeFiles(t: Test, page: Page): Promise<HomeFiles> {
  const home = await page.evaluate<string>(
    "fetch('/api/v1/files').then(async (answer) => (await answer.json()).path)",
  )
  const folder = await mkdtemp(join(home, 'browser-'))
  await chmod(folder, 0o755)
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const write = async (name: string, text: string): Promise<void> => {
    await writeFile(join(folder, name), text)
    await chmod(join(folder, name), 0o755)
  }
  await write('hello.sh', 'for each in "$@"; do echo "hello $each"; done\n')
  await write('wait.sh', 'echo waiting\nwhile :; do sleep 1; done\n')
  await write('notes.txt', 'nothing to run\n')
  return { folder, name: basename(folder) }
}
