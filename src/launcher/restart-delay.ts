/** Milliseconds to wait before a restart after `failures` restarts in a row: 100 ms, doubled each time, at most 30 s. */
export function restartDelay(failures: number): number {
  return Math.min(100 * 2 ** Math.min(failures, 20), 30_000)
}
