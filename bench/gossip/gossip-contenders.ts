import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import type { Timing } from '../../cluster/index.ts'
import type { Program } from '../processes.ts'
import type { Workplace } from '../workplace.ts'

const MEMBER = fileURLToPath(new URL('./member.js', import.meta.url))
/** Go's sources stay where they are. */
const MEMBERLIST = fileURLToPath(new URL('../../../bench/gossip/memberlist', import.meta.url))

/** memberlist's DefaultLANConfig in our own names; what we have no name for (TCP, awareness, confirmations) is missing. */
export const MEMBERLIST_TIMING: Partial<Timing> = {
  probeInterval: 1000,
  probeTimeout: 500,
  indirectProbeTimeout: 500,
  indirectProbes: 3,
  suspicionMultiplier: 4,
  retransmitMultiplier: 4,
  gossipInterval: 200,
  gossipMembers: 3,
  syncInterval: 30_000,
}

/** Somebody whose members can be started. */
export interface GossipContender {
  readonly name: string
  /** Starts a member; without a seed it is the first. */
  start(name: string, seed: string): Promise<Program>
}

/** Our membership with its defaults, with memberlist's timing, and memberlist itself if Go is here to build it. */
export async function gossipContenders(workplace: Workplace): Promise<readonly GossipContender[]> {
  const ours = (name: string, timing: Partial<Timing>): GossipContender => ({
    name,
    start: async (member, seed) =>
      workplace.processes.start([process.execPath, MEMBER, member, seed, JSON.stringify(timing)], {
        input: true,
        output: true,
      }),
  })
  const contenders = [ours('atelier', {}), ours('atelier, LAN timing', MEMBERLIST_TIMING)]
  const binary = join(workplace.folder('memberlist'), 'member')
  if (await builds(binary)) {
    contenders.push({
      name: 'memberlist',
      start: async (member, seed) =>
        workplace.processes.start([binary, member, seed], { input: true, output: true }),
    })
  }
  return contenders
}

/** False if there is no Go, or if it cannot get memberlist: then there is one contender less, and the table says so. */
async function builds(binary: string): Promise<boolean> {
  const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/local/go/bin` }
  return promisify(execFile)('go', ['build', '-o', binary, '.'], { cwd: MEMBERLIST, env }).then(
    () => true,
    () => false,
  )
}
