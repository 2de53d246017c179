import type { Profile } from '../../sessions/profiles.ts'

const GIB = 1024 ** 3
const MIB = 1024 ** 2

/** A profile with its limits, such as "Large: 4 processors, 8 GiB memory". */
export function formatProfile({ title, cpus, memoryBytes }: Omit<Profile, 'name'>): string {
  const limits = [
    ...(cpus === null ? [] : [cpus === 1 ? '1 processor' : `${cpus} processors`]),
    ...(memoryBytes === null ? [] : [`${formatMemory(memoryBytes)} memory`]),
  ]
  return limits.length === 0 ? `${title}: no limits` : `${title}: ${limits.join(', ')}`
}

function formatMemory(bytes: number): string {
  if (bytes < GIB) return `${Math.round(bytes / MIB)} MiB`
  return `${Number((bytes / GIB).toFixed(1))} GiB`
}
