import type { ProcStat } from '../../proc-stat.ts'

/**
 * Programs that only wait for a person, or for another program: shells, editors, pagers and what multiplies terminals.
 * A shell that runs a script has that script's programs beside it in the foreground.
 */
const WAITING = new Set(
  (
    'bash,sh,dash,ash,ksh,zsh,fish,tcsh,csh,su,sudo,login,screen,tmux,tmux: client,' +
    'vi,vim,vim.basic,nvim,nano,emacs,less,more,most,man'
  ).split(','),
)

type TerminalProcess = Pick<ProcStat, 'command' | 'group' | 'terminal' | 'foreground' | 'state'>

/** How many terminals there are in whose foreground a program runs that does not just wait for a person. */
export function countTerminalPrograms(processes: readonly TerminalProcess[]): number {
  const terminals = processes
    .filter(({ terminal, group, foreground }) => terminal !== 0 && group === foreground)
    .filter(({ command, state }) => state !== 'T' && !WAITING.has(command))
    .map(({ terminal }) => terminal)
  return new Set(terminals).size
}
