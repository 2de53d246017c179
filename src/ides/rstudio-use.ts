import type { BrowserFrame, BrowserRequest } from './ide.ts'

/** What a page asks for by itself: its long poll, its state, and whether an open file has changed on the disk. */
const BY_ITSELF =
  /^\/(events\/|rpc\/(ping|set_client_state|update_session_persistent_state|check_for_external_edit|log_message)$)/

/** A frame that keeps the connection of a terminal alive; one with input begins with `t`. */
const KEEP_ALIVE = 'k'.charCodeAt(0)

/** True for whatever a page asks of R, and the page itself; its long poll is none, nor what it repeats by a clock. */
export function isRStudioUse({ path }: BrowserRequest): boolean {
  const [place = ''] = path.split('?')
  return !BY_ITSELF.test(place)
}

/** True for input to a terminal. */
export function isRStudioUseFrame({ start, compressed }: BrowserFrame): boolean {
  return compressed || start[0] !== KEEP_ALIVE
}
