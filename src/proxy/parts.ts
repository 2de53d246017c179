import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Ide } from '../ides/ide.ts'
import type { Peer } from '../peers/peer.ts'
import type { IdeName, Session } from '../sessions/session.ts'

/** Who may enter a session: the one check for requests and upgrades alike. */
export interface Door {
  /**
   * The session, from memory, for its owner. Throws AtelierError, NOT_SIGNED_IN for nobody and SESSION_NOT_FOUND for whoever
   * is not its owner.
   */
  admit(
    request: IncomingMessage,
    sessionId: string,
    kind: 'request' | 'upgrade',
  ): Promise<Admission>
}

/** Somebody who was let in to a session. */
export interface Admission {
  readonly session: Session
  /** Notes that somebody is at work, so that the sign-in goes on. */
  used(): void
  /** Calls `end` once, when this may not go on any more; answers what stops waiting for it. */
  follow(end: () => void): () => void
  /** The Set-Cookie header of an answer, if the sign-in's cookie is to be made anew. */
  renewal(): Promise<string | undefined>
}

/** What decides the next hop of a session's traffic. */
export interface Hops {
  /** The name of this node: a session's socket can be reached on its own node only. */
  readonly node: string
  ide(name: IdeName): Ide
  /** The session's own secret, that its IDE was started with. */
  secretOf(session: Session): string
}

/** The other nodes, as this one knows them. */
export interface Peers {
  /** The node of that name, from memory; undefined if nobody knows where it answers. */
  get(name: string): Peer | undefined
  /** Reads a session anew, which another node does not hold although it was believed to. Throws DATABASE_UNAVAILABLE. */
  refresh(sessionId: string): Promise<void>
}

/** What a node says about a request that it passes on. */
export interface PassedOn {
  /** The id of the session that is asked for. */
  readonly session: string
  /** The name of the node. */
  readonly from: string
  /** The browser, as the node saw it. */
  readonly client: Client
}

/** The hops between nodes, which nobody else can make. */
export interface Hopping {
  /** What the node says that passed the request on; undefined for a browser's own. Throws HOP_REFUSED if it is neither. */
  open(request: IncomingMessage): PassedOn | undefined
  /** The value of the header `x-atelier-hop` with which the request is passed on. */
  seal(
    request: Pick<IncomingMessage, 'method' | 'url'>,
    hop: { readonly session: string; readonly to: string; readonly client: Client },
  ): string
}

/** The web apps that sessions serve on ports of their own. */
export interface Apps {
  /** The sockets that listen, first the one to use. Throws PORT_NOT_SERVED if the session serves no such port. */
  find(session: Session, port: number): Promise<readonly { readonly listener: string }[]>
  /** A new connection to a process of the session and to no other's. Throws as `find`, and APP_UNREACHABLE. */
  connect(session: Session, port: number): Promise<Socket>
}

/** Who is told of the use of sessions by people. */
export interface Activity {
  /** The session was used just now. */
  used(id: string): void
}

/** The other end as the browser's side of the server sees it; behind a load balancer that is not the socket's. */
export interface Client {
  readonly address: string
  readonly scheme: 'http' | 'https'
}
