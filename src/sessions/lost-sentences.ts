/** Why a session is Lost, as a sentence for its owner. */
export function lostSentence(node: string): string {
  return `Its server ${node} is lost. The session comes back with its server; or start it again elsewhere, without what was not saved.`
}

/** Why a session has Stopped that was to be stopped when its server was lost. */
export const STOPPED_WHILE_LOST = 'Stopped by its owner while its server was lost.'
