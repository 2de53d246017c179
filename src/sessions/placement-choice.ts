import type { Member } from '../../cluster/index.ts'

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const LONGEST_SHOWN = 80

/**
 * All that a program that chooses a node is told: the user and the candidates, by their names for programs written for
 * Atelier and by host and port for those written for Posit Workbench, in the same order.
 */
export function placementEnvironment(
  user: string,
  candidates: readonly Member[],
): Readonly<Record<string, string>> {
  return {
    PATH,
    ATELIER_USER: user,
    ATELIER_NODES: candidates.map(({ name }) => name).join(','),
    RSTUDIO_USERNAME: user,
    RSTUDIO_NODES: candidates.map(hostAndPort).join(','),
  }
}

/** The name of the candidate whose name, or host and port, is all that was printed. Throws an Error that says what was instead. */
export function readChoice(printed: string, candidates: readonly Member[]): string {
  const choice = printed.trim()
  if (choice === '') throw new Error('printed nothing')
  if (choice.includes('\n')) throw new Error(`printed several lines: "${printable(choice)}"`)
  const chosen =
    candidates.find(({ name }) => name === choice) ??
    candidates.find((each) => hostAndPort(each) === choice)
  if (chosen) return chosen.name
  throw new Error(`printed "${printable(choice)}", which is no node that takes sessions`)
}

/** The text with a question mark for what is not printable ASCII, cut after 80 characters. */
export function printable(text: string): string {
  const shown = text.slice(0, LONGEST_SHOWN).replaceAll(/[^\x20-\x7e]/g, '?')
  return text.length > LONGEST_SHOWN ? `${shown}...` : shown
}

function hostAndPort({ url }: Member): string {
  const { hostname, port, protocol } = new URL(url)
  return `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`
}
