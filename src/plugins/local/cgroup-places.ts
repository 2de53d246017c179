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
  const place = unifiedPlace(own, mounts)
  if (place === undefined) return undefined
  const controllers = controllersOf(place)
  return {
    version: 2,
    ...(controllers.includes('memory') && { memory: place }),
    ...(controllers.includes('cpu') && { cpu: place }),
    ...(controllers.includes('pids') && { pids: place }),
  }
}

/** Where each job gets a cgroup that limits nothing and that none of its processes can leave. */
export interface TrackingPlace {
  readonly folder: string
  /** How all processes of a cgroup are ended at once: by the freezer of version 1, by a file of version 2, or not. */
  readonly kills: 'freezer' | 'unified' | 'singly'
}

/**
 * Finds where jobs are tracked: in the freezer of version 1, which systemd leaves to others, else in version 2, else where some
 * controller of version 1 is.
 */
export function trackingPlace(selfCgroup: string, mountinfo: string): TrackingPlace | undefined {
  const mounts = mountinfo.split('\n').flatMap(readMount)
  const own = selfCgroup.split('\n').flatMap(readMembership)
  const freezer = placeOf('freezer', own, mounts)
  if (freezer !== undefined) return { folder: freezer, kills: 'freezer' }
  const unified = unifiedPlace(own, mounts)
  if (unified !== undefined) return { folder: unified, kills: 'unified' }
  const folder = ['pids', 'memory', 'cpu'].map((name) => placeOf(name, own, mounts)).find(Boolean)
  return folder === undefined ? undefined : { folder, kills: 'singly' }
}

/** The cgroup, within our own, into which we move when our own is to hold no processes. */
export const OWN_LEAF = 'atelier-launcher'
const LEAF_AT_END = new RegExp(`/${OWN_LEAF}$`)

/** The places of this process; undefined where there are none or they cannot be read. */
export function ownCgroupPlaces(): CgroupPlaces | undefined {
  return ofOurselves((selfCgroup, mountinfo) =>
    cgroupPlaces(selfCgroup, mountinfo, (folder) =>
      readFileSync(join(folder, 'cgroup.controllers'), 'utf8').trim().split(' '),
    ),
  )
}

/** Where this process tracks jobs; undefined where there is no place or it cannot be read. */
export function ownTrackingPlace(): TrackingPlace | undefined {
  return ofOurselves(trackingPlace)
}

function ofOurselves<T>(find: (selfCgroup: string, mountinfo: string) => T): T | undefined {
  try {
    const read = (name: string) => readFileSync(`/proc/self/${name}`, 'utf8')
    return find(read('cgroup'), read('mountinfo'))
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

function unifiedPlace(own: readonly Membership[], mounts: readonly Mount[]): string | undefined {
  const unified = mounts.find(({ type }) => type === 'cgroup2')
  const membership = own.find(({ controllers }) => controllers.length === 0)
  // Where we may have made room ourselves, at an earlier start.
  return unified && membership && inside(unified, membership.path.replace(LEAF_AT_END, '') || '/')
}

function inside({ root, point }: Mount, path: string): string {
  if (root === '/') return path === '/' ? point : point + path
  if (path === root) return point
  return path.startsWith(`${root}/`) ? point + path.slice(root.length) : point
}
