import { createServer, type Server } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { listenOnUnixSocket, SocketTakenError } from '../../launcher/unix-socket.ts'

/** Milliseconds that a plugin whose launcher has gone may take to finish. */
const PATIENCE = 15_000
const RETRY_AFTER = 50

/**
 * Keeps two plugins from working on the same jobs: after a launcher is killed, its plugin may still be starting a job
 * while the next launcher's begins. A socket, since the kernel closes it however its process ends.
 */
export class ScratchLock {
  readonly #path: string
  #server: Server | undefined

  constructor({ path }: { path: string }) {
    this.#path = path
  }

  /** Waits until nobody else has the lock, then takes it. Throws SocketTakenError after fifteen seconds. */
  async take(): Promise<void> {
    for (const begin = performance.now(); this.#server === undefined; await delay(RETRY_AFTER)) {
      const server = createServer((socket) => socket.destroy())
      try {
        await listenOnUnixSocket(server, this.#path)
        this.#server = server.unref()
        return
      } catch (error) {
        const patient = performance.now() - begin < PATIENCE
        if (!(error instanceof SocketTakenError && patient)) throw error
      }
    }
  }

  /** Lets the next one in. */
  release(): void {
    this.#server?.close()
  }
}
