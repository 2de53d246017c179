import type { ChildProcess, SendHandle } from 'node:child_process'

/**
 * The listening socket of the node, held by the process that supervises it: when the node is killed, connections wait in
 * the kernel's queue for the next one instead of being refused. The supervisor never accepts one itself.
 */
export class Listener {
  #handle: (SendHandle & { close(): void }) | undefined

  /** True once the first node has handed its socket over. */
  get isHeld(): boolean {
    return this.#handle !== undefined
  }

  /** Takes over the handle that came with the node's message. */
  hold(handle: unknown): void {
    if (isHandle(handle)) this.#handle = handle
  }

  /** Hands the socket to a node that has been started again; the first one has none to get. */
  giveTo(child: ChildProcess): void {
    if (this.#handle === undefined) return
    const listen: ParentMessage = { type: 'listen' }
    // A child that dies before it is told is started again, and told again.
    child.send(listen, this.#handle, () => undefined)
  }

  /** Lets go of the socket, so that it closes with the node. */
  release(): void {
    this.#handle?.close()
    this.#handle = undefined
  }
}

/** What the supervisor tells a node. */
export interface ParentMessage {
  readonly type: 'listen'
}

function isHandle(handle: unknown): handle is SendHandle & { close(): void } {
  return typeof handle === 'object' && handle !== null && 'close' in handle
}
