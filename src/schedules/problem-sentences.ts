/** Why a tick was not run that came when nobody could run it. */
export const MISSED = 'A run was missed, as no server could start it in time.'

/** Why a tick was not run that came too early for its schedule. */
export const OVERLAPPED = 'A run was left out, as the one before was still going on.'

/** Why a tick was not run, with what the submission was refused by; `again` if it is tried again. */
export function refusedSentence(message: string, again: boolean): string {
  const what = again ? 'A run could not be started yet' : 'A run could not be started'
  return `${what}: ${message}`
}
