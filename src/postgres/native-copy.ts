import { cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { dirname, extname, join, relative } from 'node:path'
import { nanoid } from 'nanoid'
import { z } from 'zod'
import { systemCode } from '../errors.ts'
import { openToAll } from '../open-to-all.ts'

const packageSchema = z.object({ version: z.string().regex(/^[\w.-]+$/) })
const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }))

/**
 * Copies the native tree of the package at `root` to `<copies>/<version>`, readable by everybody and with its links, and
 * answers the copy's path. An existing copy is kept unless `replace` is set. The copy appears whole or not at all.
 */
export async function copyNativeTree(options: {
  readonly root: string
  readonly copies: string
  readonly replace: boolean
}): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(options.root, 'package.json'), 'utf8'))
  const target = join(options.copies, packageSchema.parse(manifest).version)
  if (!options.replace && (await exists(target))) return target
  await mkdir(options.copies, { recursive: true, mode: 0o755 })
  const fresh = `${target}.new-${nanoid()}`
  try {
    await cp(join(options.root, 'native'), fresh, {
      recursive: true,
      verbatimSymlinks: true,
      // Static libraries are for building against, not for running.
      filter: (source) => extname(source) !== '.a',
    })
    await makeLinks(fresh)
    await openToAll(fresh)
    if (options.replace) await rm(target, { recursive: true, force: true })
    await rename(fresh, target).catch(async (error: unknown) => {
      // Another node has made the same copy in the meantime; it is as good as ours.
      if (!(await exists(target))) throw error
    })
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  return target
}

/** The package cannot carry links, so it lists them; its install script makes them, if it is allowed to run. */
async function makeLinks(native: string): Promise<void> {
  const list: unknown = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'))
  for (const link of linksSchema.parse(list)) {
    const source = join(native, relative('native', link.source))
    const target = join(native, relative('native', link.target))
    await symlink(relative(dirname(target), source), target).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error
    })
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
