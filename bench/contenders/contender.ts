import type { Program } from '../processes.ts'
import type { Upstreams } from '../upstream/upstream.ts'
import type { Workplace } from '../workplace.ts'

/**
 * Names of what is compared; `direct` is the upstream without anything in front, `two-hops` two nodes of ours one behind the
 * other, `earlier` one node of an earlier commit.
 */
export type ContenderName =
  'atelier' | 'two-hops' | 'earlier' | 'configurable-http-proxy' | 'nginx' | 'plugin' | 'direct'

/** A proxy that runs, with routes to both upstreams below `/s/<id>/`. */
export interface Contender {
  readonly name: ContenderName
  /** TCP port on 127.0.0.1, by the id of the upstream; only `direct` has two. */
  readonly portOf: (upstream: string) => number
  /** What a browser would send along. */
  readonly headers: Readonly<Record<string, string>>
  /** All its processes; undefined for `direct`. */
  readonly program: Pick<Program, 'cpuMicroseconds' | 'residentBytes' | 'stop'> | undefined
}

/** Starts a contender. */
export type StartContender = (workplace: Workplace, upstreams: Upstreams) => Promise<Contender>
