import { posix } from 'node:path'
import { z } from 'zod'
import { PROJECT_KINDS, type FoundProjects, type Project, type ProjectKind } from './project.ts'
import { END_MARK, JUPYTER_MARK, PROJECT_MARK } from './projects-script.ts'

const MOST = 100

const recents = z.object({
  data: z.object({
    'docmanager:recents': z.object({
      opened: z.array(
        z.object({ root: z.string(), path: z.string(), contentType: z.string().optional() }),
      ),
    }),
  }),
})

/** What `PROJECTS_SCRIPT` has printed, perhaps not to its end, for somebody with this home. */
export function parseProjects(printed: string, home: string): FoundProjects {
  const lines = printed.split('\n')
  const found = lines.flatMap((line) => {
    const [mark, ...fields] = line.split('\t')
    if (mark === PROJECT_MARK) return projectOf(fields)
    if (mark === JUPYTER_MARK) return jupyterProjects(fields, home)
    return []
  })
  const byPath = new Map<string, Project>()
  for (const project of found) {
    byPath.set(project.path, merged(byPath.get(project.path), project))
  }
  byPath.delete(home)
  const projects = [...byPath.values()].toSorted(
    (a, b) => timeOf(b) - timeOf(a) || (a.path < b.path ? -1 : 1),
  )
  return { projects: projects.slice(0, MOST), complete: lines.includes(END_MARK) }
}

function projectOf([kind, time, path, branch]: readonly string[]): readonly Project[] {
  const known = PROJECT_KINDS.find((each) => each === kind)
  if (known === undefined || path === undefined || branch === undefined) return []
  return projectAt(path, known, time ?? '', branch === '' ? null : branch)
}

// It tells the files that were opened: the folders that they are in are what is worked in.
function jupyterProjects(
  [time = '', ...json]: readonly string[],
  home: string,
): readonly Project[] {
  const read = recents.safeParse(tryJson(json.join('\t')))
  if (!read.success) return []
  return read.data.data['docmanager:recents'].opened.flatMap(({ root, path, contentType }) => {
    const base = root === '~' || root.startsWith('~/') ? home + root.slice(1) : root
    const opened = posix.join(base, path)
    return projectAt(contentType === 'directory' ? opened : posix.dirname(opened), 'jupyter', time)
  })
}

function projectAt(
  path: string,
  kind: ProjectKind,
  seconds: string,
  branch: string | null = null,
): readonly Project[] {
  const isPlain = path.startsWith('/') && !/[\p{Cc}\p{Cs}\uFFFD]/u.test(path)
  if (!isPlain) return []
  const plain = posix.normalize(path).replace(/(.)\/$/, '$1')
  const lastUsedAt = /^\d{1,11}$/.test(seconds) ? new Date(Number(seconds) * 1000) : null
  return [{ path: plain, name: posix.basename(plain), kind, lastUsedAt, branch }]
}

function merged(known: Project | undefined, project: Project): Project {
  if (known === undefined) return project
  const [first, second] = [known, project].toSorted(
    (a, b) => PROJECT_KINDS.indexOf(a.kind) - PROJECT_KINDS.indexOf(b.kind),
  )
  const latest = timeOf(known) > timeOf(project) ? known : project
  return {
    ...known,
    kind: (first ?? known).kind,
    lastUsedAt: latest.lastUsedAt,
    branch: first?.branch ?? second?.branch ?? null,
  }
}

function timeOf({ lastUsedAt }: Project): number {
  return lastUsedAt?.getTime() ?? 0
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
