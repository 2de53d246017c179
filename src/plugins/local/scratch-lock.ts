import { createServer, type Server } from 'node:net'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { tryLockDirectory, type HeldLock } from '../../process-lock.ts'
import { listenOnUnixSocket, SocketTakenError } from '../../launcher/unix-socket.ts'

/** Milliseconds that a plugin whose launcher has gone may take to finish. */
const PATIENCE = 15_000
const RETRY_AFTER = 50

/**
 * Keeps two plugins from working on the same jobs: after a launcher is killed, its plugin may still be starting a job
 * while the next launcher's begins. The kernel frees it however its process ends. It is the lock of the socket's directory,
 * and the socket too: that is what plugins of earlier versions take, and two that find a stale one could both replace it.
 */
export class ScratchLock {
  readonly #path: string
  #directory: HeldLock | undefined
  #server: Server | undefined

  constructor({ path }: { path: string }) {
    this.#path = path
  }

  /** Waits until nobody else has the lock, then takes it. Throws SocketTakenError after fifteen seconds. */
  async take(): Promise<void> {
    for (const begin = performance.now(); this.#server === undefined; await delay(RETRY_AFTER)) {
      const patient = performance.now() - begin < PATIENCE
      this.#directory ??= await tryLockDirectory(dirname(this.#path))
      if (this.#directory === undefined) {
        if (patient) continue
        throw new SocketTakenError(this.#path)
      }
      const server = createServer((socket) => socket.destroy())
      try {
        await listenOnUnixSocket(server, this.#path)
        this.#server = server.unref()
        return
      } catch (error) {
        if (!(error instanceof SocketTakenError && patient)) throw error
      }
    }
  }

  /** Lets the next one in. */
  release(): void {
    this.#server?.close()
    void this.#directory?.release().catch(() => {})
  }
}
