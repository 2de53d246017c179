import { setTimeout as delay } from 'node:timers/promises'
import { signal, type Process } from './processes.ts'

/** Looks which processes a job has now. */
export type FindProcesses = () => readonly Process[]

/** Milliseconds that processes have to do what a signal asks. */
const LIMIT = 2_000
/** Milliseconds between two looks; the step doubles up to the second figure, since each look reads all of /proc. */
const STEP = 20
const LONGEST_STEP = 200

/**
 * Signals processes until none is left; SIGTERM, which each gets once, turns into SIGKILL after two seconds. `killAtOnce`
 * comes before each SIGKILL to single processes. Resolves with the pids that are still there after four.
 */
export async function sweep(
  find: FindProcesses,
  first: 'SIGTERM' | 'SIGKILL',
  killAtOnce: () => Promise<void> = async () => {},
): Promise<number[]> {
  const signalled = new Set<number>()
  for await (const waited of looks()) {
    const name = waited > LIMIT ? 'SIGKILL' : first
    if (name === 'SIGKILL') await killAtOnce()
    const present = find()
    if (present.length === 0 || waited > 2 * LIMIT) return present.map(({ pid }) => pid)
    for (const { pid } of present) {
      if (name === 'SIGKILL' || !signalled.has(pid)) signal(pid, name)
      signalled.add(pid)
    }
  }
  return []
}

/** Signals each process; waits up to two seconds for the first, since a job that has just begun may have none yet. */
export async function signalOnce(
  find: FindProcesses,
  names: readonly NodeJS.Signals[],
): Promise<void> {
  for await (const waited of looks()) {
    const present = find()
    for (const name of names) for (const { pid } of present) signal(pid, name)
    if (present.length > 0 || waited > LIMIT) return
  }
}

/** Stops every process with SIGSTOP; one that forks meanwhile makes another look necessary. Gives up after two seconds. */
export async function standStill(find: FindProcesses): Promise<void> {
  for await (const waited of looks()) {
    const moving = find().filter(({ state }) => state !== 'T')
    if (moving.length === 0 || waited > LIMIT) return
    for (const { pid } of moving) signal(pid, 'SIGSTOP')
  }
}

/** How many milliseconds have passed, again and again. */
async function* looks(): AsyncGenerator<number> {
  const begin = performance.now()
  for (let step = STEP; ; step = Math.min(2 * step, LONGEST_STEP)) {
    yield performance.now() - begin
    await delay(step)
  }
}
