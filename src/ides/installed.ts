import { readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { familyOf, familyPaths } from './ide-family.ts'
import type { IdeFamily, InstallableIde } from './ide-family.ts'
import type { Program } from './program.ts'

/** The file that a completed build ends with. */
export const INSTALLED_FILE = 'installed.json'

const schema = z.object({
  /** What the build was made from: a plan with another recipe builds anew. */
  recipe: z.string(),
  /** The versions of the IDEs in it, by their names. */
  versions: z.record(z.string(), z.string()),
})

/** The content of a completed build's file. */
export type Installed = z.infer<typeof schema>

/**
 * The IDE that Atelier installed itself, or undefined. Its words name the build itself, not the link to it, so that
 * a session keeps its files when a newer build takes the link over.
 */
export async function ownProgram(
  directory: string,
  name: InstallableIde,
): Promise<Program | undefined> {
  const found = await readInstalled(directory, familyOf(name))
  const version = found?.installed.versions[name]
  if (found === undefined || version === undefined) return undefined
  return { ...programIn(found.build, name), version }
}

/** A family's completed build and what is in it; undefined if there is none. */
export async function readInstalled(
  directory: string,
  family: IdeFamily,
): Promise<{ build: string; installed: Installed } | undefined> {
  try {
    const build = await realpath(familyPaths(directory, family).link)
    const text = await readFile(join(build, INSTALLED_FILE), 'utf8')
    return { build, installed: schema.parse(JSON.parse(text)) }
  } catch {
    return undefined
  }
}

/** Where an IDE lies in a build. */
export function programIn(
  build: string,
  name: InstallableIde,
): Pick<Program, 'words' | 'binDirectory'> {
  const bin = join(build, 'venv', 'bin')
  if (name === 'jupyterlab') return { words: [join(bin, 'jupyter-lab')], binDirectory: bin }
  if (name === 'jupyter-notebook') return { words: [join(bin, name)], binDirectory: bin }
  return {
    words: [nodeIn(build), join(codeServerIn(build), 'out/node/entry.js')],
    binDirectory: null,
  }
}

/** The Node that code-server runs on, in a build of VS Code. */
export function nodeIn(build: string): string {
  return join(build, 'node', 'bin', 'node')
}

/** The package code-server in a build of VS Code. */
export function codeServerIn(build: string): string {
  return join(build, 'node_modules', 'code-server')
}
