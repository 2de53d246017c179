import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { ReadPeerCredentials } from '../linux/peer-credentials.ts'
import type { Log } from '../log.ts'
import { KEY_HEADER, type LauncherKey } from './launcher-key.ts'

const TELL_EVERY_MS = 60_000

/** Who gets as far as the Launcher's API: accounts that may, as the kernel knows them, with the key. */
export class Gate {
  readonly #key: LauncherKey
  readonly #uids: ReadonlySet<number>
  readonly #readPeer: ReadPeerCredentials
  readonly #log: Log
  readonly #now: () => number
  #toldAt = -Infinity
  #untold = 0

  /** `uids` are the accounts that may connect; `now` is a clock in ms. */
  constructor(parts: {
    readonly key: LauncherKey
    readonly uids: readonly number[]
    readonly readPeer: ReadPeerCredentials
    readonly log: Log
    readonly now?: () => number
  }) {
    this.#key = parts.key
    this.#uids = new Set(parts.uids)
    this.#readPeer = parts.readPeer
    this.#log = parts.log
    this.#now = parts.now ?? (() => performance.now())
  }

  /** Closes a new connection, without a word, unless its other end is one of the accounts. */
  checkPeer(socket: Socket): void {
    try {
      const peer = this.#readPeer(socket)
      if (this.#uids.has(peer.uid)) return
      this.#tell({ peer }, 'A connection of another account to the Launcher is refused')
    } catch (error) {
      this.#tell({ err: error }, 'A connection to the Launcher is refused')
    }
    socket.destroy()
  }

  /** True for a request with the key; any other has been answered, and ends its connection. */
  opens(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.#key.opens(request.headers[KEY_HEADER])) return true
    this.#tell({}, 'A request to the Launcher without its key is refused')
    response.writeHead(403, { Connection: 'close' }).end()
    return false
  }

  /** Once a minute at most, since whoever is refused may try all day. */
  #tell(facts: object, text: string): void {
    this.#untold++
    if (this.#now() - this.#toldAt < TELL_EVERY_MS) return
    this.#log.warn({ ...facts, refused: this.#untold }, text)
    this.#toldAt = this.#now()
    this.#untold = 0
  }
}
