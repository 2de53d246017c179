import { setTimeout as delay } from 'node:timers/promises'
import type { SessionAnswer } from '../../test/fixtures/api.ts'
import { IDLE_IDE } from '../idle-memory/idle-ide.ts'
import {
  allProcesses,
  atelierProcesses,
  proportionalKib,
  residentKib,
} from '../idle-memory/process-memory.ts'
import { median } from '../report/statistics.ts'
import { SessionEvents } from '../session-start/session-events.ts'
import { type StartedAtelier, startWholeAtelier } from '../session-start/started-atelier.ts'
import type { BenchCase } from './bench-case.ts'

/** Started before, so that a heap which has to grow once is not counted. */
const BEFORE = 20
/** At once: enough to be quick, and not so many that a heap grows with them only. */
const AT_ONCE = 5
const SETTLE_MS = 15_000
const NAMES = ['node', 'launcher', 'plugin'] as const

/** How much the memory of our processes grows with each idle session, and what else each session leaves beside its IDE. */
export const idleMemoryCase: BenchCase = {
  name: 'idle-memory',
  async run({ workplace, effort, say }) {
    say('starting a whole Atelier')
    const atelier = await startWholeAtelier(workplace, () => IDLE_IDE)
    const events = await SessionEvents.open(atelier.user)
    const pids = atelierProcesses(atelier.pid)
    const ids = await startSessions(atelier, events, BEFORE, say)
    const before = await settled(pids)
    ids.push(...(await startSessions(atelier, events, effort.jobs, say)))
    const after = await settled(pids)
    const beside = besideIdes(workplace.directory)
    events.close()
    await stopSessions(atelier, ids)
    await atelier.stop()
    const growth = NAMES.map((name) => ({
      name: `growth of the ${name} with each`,
      value: (after[name] - before[name]) / effort.jobs,
      unit: 'KiB',
    }))
    const sum = growth.reduce((all, { value }) => all + value, 0)
    return {
      benchmark: 'idle-memory',
      title: `idle-memory: ${effort.jobs} idle sessions more, after ${BEFORE}`,
      unit: 'sessions',
      series: [],
      figures: [
        ...growth,
        { name: 'of the three together', value: sum, unit: 'KiB' },
        { name: 'beside the IDE of each: processes', value: beside.count, unit: '' },
        { name: 'beside the IDE of each: their memory (PSS)', value: beside.kib, unit: 'KiB' },
        { name: 'what a session costs beside its IDE', value: sum + beside.kib, unit: 'KiB' },
      ],
    }
  },
}

async function startSessions(
  { user }: StartedAtelier,
  events: SessionEvents,
  count: number,
  say: (text: string) => void,
): Promise<string[]> {
  const ids: string[] = []
  for (let started = 0; started < count; started += AT_ONCE) {
    say(`session ${started} of ${count}`)
    const some = Array.from({ length: Math.min(AT_ONCE, count - started) }, async () => {
      const asked = { ide: 'jupyterlab' }
      const { status, body } = await user.ask<SessionAnswer>('POST', '/api/v1/sessions', asked)
      if (status !== 201) throw new Error(`the start was refused: ${JSON.stringify(body)}`)
      ids.push(body.id)
      await events.reached(body.id, 'Active')
    })
    await Promise.all(some)
  }
  return ids
}

async function settled(
  pids: ReturnType<typeof atelierProcesses>,
): Promise<Record<(typeof NAMES)[number], number>> {
  await delay(SETTLE_MS)
  const [node, launcher, plugin] = NAMES.map((name) => residentKib(pids[name]))
  return { node: node ?? 0, launcher: launcher ?? 0, plugin: plugin ?? 0 }
}

/** What is in the process sessions of jobs of this directory and is not the IDE: the median of all. */
function besideIdes(directory: string): { readonly count: number; readonly kib: number } {
  const all = allProcesses()
  const leaders = all.filter(
    ({ pid, session, words }) =>
      pid === session && words[1]?.endsWith('/start-job.sh') && words[2]?.startsWith(directory),
  )
  const beside = leaders.map((leader) =>
    all.filter(({ session, words }) => session === leader.pid && words[0] !== 'perl'),
  )
  const kib = (pids: readonly { pid: number }[]) =>
    pids.reduce((sum, { pid }) => sum + proportionalKib(pid), 0)
  return { count: median(beside.map(({ length }) => length)), kib: median(beside.map(kib)) }
}

async function stopSessions({ user }: StartedAtelier, ids: readonly string[]): Promise<void> {
  for (const id of ids) await user.ask('DELETE', `/api/v1/sessions/${id}?force=true`)
}
