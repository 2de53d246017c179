import { readFile } from 'node:fs/promises'

/** When a process started, in clock ticks since the boot, or undefined if it does not run (a zombie does not). */
export async function processStart(pid: number): Promise<number | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1')
    // The name, in parentheses, may hold anything; the fields after it begin with the state (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : Number(fields[19])
  } catch {
    return undefined
  }
}
