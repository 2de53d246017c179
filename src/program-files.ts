import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * Files of ours that stand for all that a node reads while it runs: its program, the pages, the migrations and a package.
 * `script` is the program's entry file. Throws when a package is not installed.
 */
export function programFiles(script: string): readonly string[] {
  const here = dirname(script)
  return [
    script,
    join(here, '..', 'web', 'index.html'),
    join(here, 'postgres', 'migrations'),
    createRequire(script).resolve('koa'),
  ]
}
