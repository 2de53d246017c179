import type { BrowserFrame, BrowserRequest } from './ide.ts'

/** Each message of VS Code's remote protocol begins with its kind, its number, the one it acknowledges, and its size. */
const HEADER_BYTES = 13

/** The kind of message that carries data; the others keep a connection alive or repair it (ipc.net.ts). */
const REGULAR = 1

/** From this kind on, what a window sends to extensions is a reply to what they asked (rpcProtocol.ts). */
const FIRST_REPLY = 5

/** Calls to the server are arrays that begin with a number: this one for a call, others for listening to events (ipc.ts). */
const CALL = Buffer.of(6, 100)

/**
 * What a window sends by itself: how long an answer takes, that it is in front or not, what it is told by a program in a
 * terminal, and what it reads anew when files have changed.
 */
const BY_ITSELF = [
  'telemetry\x01\x04ping',
  '$onDidChangeWindow',
  '$updateTitle',
  '$acceptTerminalTitleChange',
  '$acceptTerminalShellType',
  '$acceptTerminalDimensions',
  '$shell',
  '$onFileEvent',
  'remotefilesystem\x01\x04stat',
  'remotefilesystem\x01\x07readdir',
  'remotefilesystem\x01\x05watch',
  'remotefilesystem\x01\x07unwatch',
  'logger',
]

/** True for the page itself; the rest is its parts, which it also reads when it connects again. */
export function isVsCodeUse({ method, path }: BrowserRequest): boolean {
  const [place] = path.split('?')
  return method === 'GET' && place === '/'
}

/**
 * True for a message that a window does not send by itself. Recorded of code-server 4: an idle window keeps its two
 * connections alive every five seconds, measures its latency and answers its extensions.
 */
export function isVsCodeUseFrame({ compressed, start }: BrowserFrame): boolean {
  if (compressed) return true
  let rest = start
  while (rest.length > HEADER_BYTES) {
    const end = HEADER_BYTES + rest.readUInt32BE(HEADER_BYTES - 4)
    if (rest[0] === REGULAR && isUseMessage(rest.subarray(HEADER_BYTES, end))) return true
    rest = rest.subarray(end)
  }
  return false
}

function isUseMessage(message: Buffer): boolean {
  const [kind = FIRST_REPLY, , numberKind] = message
  const isToServer = kind === 4 && numberKind === CALL[0]
  if (isToServer ? !message.subarray(2, 4).equals(CALL) : kind >= FIRST_REPLY) return false
  const text = message.subarray(0, 100).toString('latin1')
  return !BY_ITSELF.some((call) => text.includes(call))
}
