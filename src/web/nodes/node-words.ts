import type { NodeState } from '../../nodes/cluster-node.ts'
import { formatMoment } from '../format/format-moment.ts'
import { sessionCount } from '../home/bulk-words.ts'
import type { NodeView } from './node-view.ts'

/** The states of nodes as they are shown. */
export const NODE_WORDS: Readonly<Record<NodeState, string>> = {
  alive: 'Alive',
  suspect: 'Suspect',
  leaving: 'Leaving',
  failed: 'Failed',
  lost: 'Lost',
  offline: 'Offline',
}

/** True while a node answers, or may: only then do its figures tell anything. */
export function isHere({ state }: Pick<NodeView, 'state'>): boolean {
  return state === 'alive' || state === 'suspect' || state === 'leaving'
}

/** True if new sessions may be placed on the node. */
export function takesSessions({ state, draining }: Pick<NodeView, 'state' | 'draining'>): boolean {
  return state === 'alive' && !draining
}

type Noticed = Pick<
  NodeView,
  'state' | 'draining' | 'sessions' | 'seenAt' | 'leaseUntil' | 'lostAt' | 'leftAt'
>

/** What there is to know of a node's state at the server's time `now` in ms: sentences, none while all is well. */
export function nodeNotices(node: Noticed, now: number): readonly string[] {
  return [...stateNotices(node, now), ...drainNotices(node)]
}

function stateNotices(node: Noticed, now: number): readonly string[] {
  const at = (time: string): string => formatMoment(Date.parse(time), now)
  const { state, sessions, seenAt, leaseUntil, lostAt, leftAt } = node
  const holds = sessions > 0
  switch (state) {
    case 'alive':
      return []
    case 'suspect':
      return ['It missed a probe and may still answer. It gets no new sessions meanwhile.']
    case 'leaving':
      return ['It ends or restarts. Its sessions go on.']
    case 'failed': {
      const silent = `It does not answer; last seen ${at(seenAt)}.`
      if (!holds) return [silent]
      const isPast = Date.parse(leaseUntil) <= now
      return [
        silent,
        isPast
          ? 'Its sessions count as lost in a moment.'
          : `Its sessions count as lost from ${at(leaseUntil)} on.`,
      ]
    }
    case 'lost': {
      const since = `Lost since ${at(lostAt ?? leaseUntil)}.`
      const back = 'Its sessions come back if it does, unless they were started again elsewhere.'
      return holds ? [since, back] : [since]
    }
    case 'offline': {
      const ended = `It ended in order at ${at(leftAt ?? leaseUntil)}.`
      return holds ? [ended, 'Its sessions cannot be reached until it starts again.'] : [ended]
    }
  }
}

function drainNotices(node: Noticed): readonly string[] {
  if (!node.draining) return []
  if (!isHere(node)) return ['It gets no new sessions when it comes back.']
  return node.sessions === 0
    ? ['It gets no new sessions, and has none: it can be stopped.']
    : ['It gets no new sessions; those it has go on.']
}

/** What can be done with a node as it is now. */
export function nodeActions(
  node: Pick<NodeView, 'state' | 'draining'>,
): readonly ('drain' | 'undrain' | 'remove')[] {
  const { state, draining } = node
  const isGone = state === 'failed' || state === 'lost' || state === 'offline'
  return [
    ...(draining ? (['undrain'] as const) : isGone ? [] : (['drain'] as const)),
    ...(isGone ? (['remove'] as const) : []),
  ]
}

/** The cluster in a line: how many nodes, how many of them take new sessions, and how many sessions they hold. */
export function clusterSummary(
  nodes: readonly Pick<NodeView, 'state' | 'draining' | 'sessions'>[],
): string {
  const taking = nodes.filter(takesSessions).length
  const held = nodes.reduce((sum, { sessions }) => sum + sessions, 0)
  const count = nodes.length === 1 ? '1 node' : `${nodes.length} nodes`
  const take =
    taking === nodes.length
      ? ''
      : taking === 0
        ? ', none of which takes new sessions'
        : `, ${taking} of which ${taking === 1 ? 'takes' : 'take'} new sessions`
  return `${count}${take}. ${sessionCount(held)}.`
}

/** The versions that nodes run, with the names of those; more than one while an upgrade is under way. */
export function versionsOf(
  nodes: readonly Pick<NodeView, 'name' | 'state' | 'version'>[],
): readonly { readonly version: string; readonly names: readonly string[] }[] {
  const here = nodes.filter(isHere)
  return [...new Set(here.map(({ version }) => version))]
    .toSorted((a, b) => VERSIONS.compare(a, b))
    .map((version) => ({
      version,
      names: here.filter((node) => node.version === version).map(({ name }) => name),
    }))
}

const VERSIONS = new Intl.Collator('en', { numeric: true })

/** A sentence for screen readers about the nodes that are new, gone, or in another state than before. */
export function changedNodes(before: readonly NodeView[], now: readonly NodeView[]): string {
  const states = new Map(before.map(({ name, state }) => [name, state]))
  const names = new Set(now.map(({ name }) => name))
  return [
    ...now
      .filter(({ name, state }) => states.get(name) !== state)
      .map(({ name, state }) => `${name} is now ${NODE_WORDS[state]}.`),
    ...before.filter(({ name }) => !names.has(name)).map(({ name }) => `${name} was removed.`),
  ].join(' ')
}

/** A load of one processor as a share of its bar, 0 to 1, and whether more is asked of it than it has. */
export function loadBar(load: number): { readonly share: number; readonly isFull: boolean } {
  return { share: Math.min(Math.max(load, 0), 1), isFull: load >= 1 }
}
