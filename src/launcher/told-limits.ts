import type { ResourceLimit } from './job.ts'

/** Types of limits that are ours and not Posit's: only a plugin that lists them in its cluster info is told of them. */
const OURS = new Set(['processes', 'openFiles', 'nice'])

/** True if it depends on the plugin which of these limits it is told of. */
export function needsAsking(limits: readonly ResourceLimit[]): boolean {
  return limits.some(({ type }) => OURS.has(type))
}

/** Of these limits those that a plugin is told of that lists these types. */
export function toldLimits(
  limits: readonly ResourceLimit[],
  listed: readonly string[],
): readonly ResourceLimit[] {
  return limits.filter(({ type }) => !OURS.has(type) || listed.includes(type))
}
