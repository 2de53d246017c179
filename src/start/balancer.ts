import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { systemCode } from '../errors.ts'
import { PortTakenError } from '../http.ts'

const LEFT_OUT_MS = 1000
const CONNECT_MS = 1000

/** Where a node accepts connections. */
export interface Target {
  readonly host: string
  readonly port: number
}

/**
 * Spreads connections over nodes, one after the other, for a cluster on one machine. A node that does not accept is left
 * out for a second, and the next one is tried at once. Bytes are passed on as they are, with back-pressure, half-closes
 * and resets.
 */
export class Balancer {
  readonly #targets: readonly Target[]
  readonly #now: () => number
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #refusedAt = new Map<Target, number>()
  #turn = 0

  /** `now` is a clock in ms. */
  constructor(options: { readonly targets: readonly Target[]; readonly now?: () => number }) {
    this.#targets = options.targets
    this.#now = options.now ?? Date.now
    this.#server = createServer({ allowHalfOpen: true, noDelay: true })
    this.#server.on('connection', (client) => void this.#serve(client))
  }

  /** Listens and answers the address. Throws PortTakenError. */
  async listen({ host, port }: Target): Promise<AddressInfo> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error) =>
        reject(systemCode(error) === 'EADDRINUSE' ? new PortTakenError(host, port) : error),
      )
      this.#server.listen({ host, port }, resolve)
    })
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('no TCP address')
    return address
  }

  /** Stops accepting and cuts what is connected. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  async #serve(client: Socket): Promise<void> {
    this.#keep(client)
    const node = await this.#firstThatAccepts(client)
    if (node === undefined || client.destroyed) {
      client.destroy()
      node?.destroy()
      return
    }
    this.#keep(node)
    join(client, node)
    join(node, client)
  }

  async #firstThatAccepts(client: Socket): Promise<Socket | undefined> {
    const refusedAt = Object.fromEntries(
      this.#targets.map((target, index) => [index, this.#refusedAt.get(target)]),
    )
    for (const index of inTurn(this.#targets.length, this.#turn++, refusedAt, this.#now())) {
      const target = this.#targets[index]
      if (target === undefined || client.destroyed) return undefined
      const node = await tryToConnect(target)
      if (node !== undefined) {
        this.#refusedAt.delete(target)
        return node
      }
      this.#refusedAt.set(target, this.#now())
    }
    return undefined
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket)
    // Whoever is joined to it hears of the error too.
    socket.on('error', () => undefined)
    socket.on('close', () => this.#sockets.delete(socket))
  }
}

/** In which order targets are tried: from `turn` on, those that refused within the last second after all others. */
export function inTurn(
  count: number,
  turn: number,
  refusedAt: Readonly<Record<number, number | undefined>>,
  now: number,
): readonly number[] {
  const order = Array.from({ length: count }, (_, step) => (turn + step) % count)
  const isLeftOut = (index: number) => now - (refusedAt[index] ?? -Infinity) < LEFT_OUT_MS
  return [...order.filter((index) => !isLeftOut(index)), ...order.filter(isLeftOut)]
}

function tryToConnect(target: Target): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ ...target, allowHalfOpen: true, noDelay: true })
    const give = (result: Socket | undefined) => {
      clearTimeout(timer)
      socket.off('error', refuse)
      resolve(result)
    }
    const refuse = () => {
      give(undefined)
      socket.destroy()
    }
    // One that is stopped lets connections wait, and then no longer answers at all.
    const timer = setTimeout(refuse, CONNECT_MS)
    socket.once('error', refuse)
    socket.once('connect', () => give(socket))
  })
}

/** Passes on what `from` sends, its end, and its reset. */
function join(from: Socket, to: Socket): void {
  from.on('error', () => to.resetAndDestroy())
  from.pipe(to)
}
