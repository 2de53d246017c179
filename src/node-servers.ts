import type { SendHandle } from 'node:child_process'
import type { IncomingMessage, RequestListener } from 'node:http'
import type { Config } from './config.ts'
import {
  closeServer,
  connectPlanes,
  createHttpServer,
  createPeerServer,
  type DataPlane,
  handleOf,
  listen,
  listenOnHandle,
} from './http.ts'
import type { PeerTls } from './peers/peer-tls.ts'

/** The servers of a node: the one for browsers, and where nodes speak TLS among each other one for them. */
export class NodeServers {
  /** The one for browsers. */
  readonly server = createHttpServer()
  readonly #host: string
  readonly #port: number
  readonly #peer:
    { readonly server: ReturnType<typeof createPeerServer>; readonly port: number } | undefined

  constructor({
    config,
    peerTls,
  }: {
    config: Pick<Config, 'server'>
    peerTls: (PeerTls & { readonly port: number }) | undefined
  }) {
    this.#host = config.server.host
    this.#port = config.server.port
    this.#peer = peerTls && { server: createPeerServer(peerTls), port: peerTls.port }
  }

  /** Lets them answer by these planes; `redirect` leads browsers elsewhere. */
  connect(
    control: RequestListener,
    dataPlane: DataPlane,
    redirect: (request: IncomingMessage) => string | undefined,
  ): void {
    connectPlanes(this.server, control, dataPlane, { redirect })
    if (this.#peer) connectPlanes(this.#peer.server, control, dataPlane)
  }

  /** Listens, on the socket that another process holds open if there is one, and answers the port. Throws PortTakenError. */
  async listen(inherited: Promise<object> | undefined): Promise<number> {
    const { port } = inherited
      ? await listenOnHandle(this.server, await inherited)
      : await listen(this.server, this.#host, this.#port)
    if (this.#peer) await listen(this.#peer.server, this.#host, this.#peer.port)
    return port
  }

  /** The handle of the listening socket, for a process that is to hold it open. */
  get handle(): SendHandle | undefined {
    return handleOf(this.server)
  }

  /** Stops accepting, lets requests finish for up to `grace` ms, and closes. */
  async close(grace: number): Promise<void> {
    const servers = this.#peer ? [this.server, this.#peer.server] : [this.server]
    await Promise.all(servers.map((server) => closeServer(server, grace)))
  }
}
