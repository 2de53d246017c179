/** How many descriptors one look reads at most: nobody else is served meanwhile. */
const DESCRIPTORS = 20_000

/**
 * Which of these processes, the first that does, has each wanted socket open: pids by inode. Ends as soon as all are
 * found, and after 20,000 descriptors; what is open beyond them is not found, as one user must not delay all others.
 */
export function findHolders(
  pids: readonly number[],
  wanted: ReadonlySet<string>,
  descriptors: (pid: number) => Iterable<string | undefined>,
): Map<string, number> {
  const holders = new Map<string, number>()
  let left = DESCRIPTORS
  for (const pid of pids) {
    if (left === 0 || holders.size === wanted.size) break
    for (const inode of descriptors(pid)) {
      if (inode !== undefined && wanted.has(inode) && !holders.has(inode)) holders.set(inode, pid)
      left -= 1
      if (left === 0 || holders.size === wanted.size) break
    }
  }
  return holders
}
