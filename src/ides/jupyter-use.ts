import type { BrowserFrame, BrowserRequest } from './ide.ts'

/** What pages read by themselves every few seconds, and what they are made of. */
const READ_BY_ITSELF =
  /^\/(api|lab\/api|lsp|static|lab\/extensions|nbextensions|custom|kernelspecs)(\/|$)/

/** Where JupyterLab notes how its panels are arranged, also when a tab connects again. */
const LAYOUT = /^\/lab\/api\/workspaces(\/|$)/

/** What a tab that connects again asks of a kernel: what it is, and which widgets it has. */
const RECONNECTING = ['"kernel_info_request"', '"comm_info_request"']

/**
 * True for a page that is opened and for whatever changes something. Recorded of JupyterLab 4 and Notebook 7: an idle tab
 * reads kernels, sessions, terminals and folders for ever.
 */
export function isJupyterUse({ method, path }: BrowserRequest): boolean {
  const [place = ''] = path.split('?')
  if (LAYOUT.test(place)) return false
  const reads = method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
  return !(reads && READ_BY_ITSELF.test(place))
}

/** True for input to a terminal or kernel; a terminal is also told its size, and a kernel is asked what it is. */
export function isJupyterUseFrame({ path, compressed, start }: BrowserFrame): boolean {
  if (compressed) return true
  const text = start.toString('latin1')
  if (path.startsWith('/terminals/')) return text.startsWith('["stdin"')
  return !RECONNECTING.some((type) => text.includes(type))
}
