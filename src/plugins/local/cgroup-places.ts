import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where this system lets us limit jobs: the folders of cgroups(7) below which each job gets one of its own. */
export interface CgroupPlaces {
  readonly version: 1 | 2
  /** Absent where the controller is not there. All are the same folder in version 2. */
  readonly memory?: string
  readonly cpu?: string
  readonly pids?: string
}

/**
 * Finds our own cgroups from /proc/self/cgroup and /proc/self/mountinfo (proc(5)); version 1 where it has a controller, as a
 * controller belongs to one of both versions only. A path that the mount does not show is taken as its root. `controllersOf`
 * tells which controllers a folder of version 2 has.
 */
export function cgroupPlaces(
  selfCgroup: string,
  mountinfo: string,
  controllersOf: (folder: string) => readonly string[],
): CgroupPlaces | undefined {
  const mounts = mountinfo.split('\n').flatMap(readMount)
  const own = selfCgroup.split('\n').flatMap(readMembership)
  const memory = placeOf('memory', own, mounts)
  const cpu = placeOf('cpu', own, mounts)
  const pids = placeOf('pids', own, mounts)
  if (memory !== undefined || cpu !== undefined || pids !== undefined) {
    return { version: 1, ...(memory && { memory }), ...(cpu && { cpu }), ...(pids && { pids }) }
  }
  const unified = mounts.find(({ type }) => type === 'cgroup2')
  const membership = own.find(({ controllers }) => controllers.length === 0)
  if (unified === undefined || membership === undefined) return undefined
  // Where we may have made room ourselves, at an earlier start.
  const place = inside(unified, membership.path.replace(LEAF_AT_END, '') || '/')
  const controllers = controllersOf(place)
  return {
    version: 2,
    ...(controllers.includes('memory') && { memory: place }),
    ...(controllers.includes('cpu') && { cpu: place }),
    ...(controllers.includes('pids') && { pids: place }),
  }
}

/** The cgroup, within our own, into which we move when our own is to hold no processes. */
export const OWN_LEAF = 'atelier-launcher'
const LEAF_AT_END = new RegExp(`/${OWN_LEAF}$`)

/** The places of this process; undefined where there are none or they cannot be read. */
export function ownCgroupPlaces(): CgroupPlaces | undefined {
  try {
    const read = (name: string) => readFileSync(`/proc/self/${name}`, 'utf8')
    return cgroupPlaces(read('cgroup'), read('mountinfo'), (folder) =>
      readFileSync(join(folder, 'cgroup.controllers'), 'utf8').trim().split(' '),
    )
  } catch {
    return undefined
  }
}

interface Mount {
  readonly root: string
  readonly point: string
  readonly type: string
  readonly options: readonly string[]
}

interface Membership {
  readonly controllers: readonly string[]
  readonly path: string
}

function readMount(line: string): Mount[] {
  const [left = '', right = ''] = line.split(' - ')
  const [, , , root, point] = left.split(' ')
  const [type, , options] = right.split(' ')
  if (root === undefined || point === undefined || type === undefined) return []
  if (type !== 'cgroup' && type !== 'cgroup2') return []
  return [{ root, point, type, options: options?.split(',') ?? [] }]
}

function readMembership(line: string): Membership[] {
  const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? []
  if (controllers === undefined || path === undefined) return []
  return [{ controllers: controllers.split(',').filter((name) => name !== ''), path }]
}

function placeOf(
  controller: string,
  own: readonly Membership[],
  mounts: readonly Mount[],
): string | undefined {
  const mount = mounts.find(
    ({ type, options }) => type === 'cgroup' && options.includes(controller),
  )
  const membership = own.find(({ controllers }) => controllers.includes(controller))
  return mount && membership && inside(mount, membership.path)
}

function inside({ root, point }: Mount, path: string): string {
  if (root === '/') return path === '/' ? point : point + path
  if (path === root) return point
  return path.startsWith(`${root}/`) ? point + path.slice(root.length) : point
}
