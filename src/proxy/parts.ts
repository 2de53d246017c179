import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Ide } from '../ides/ide.ts'
import type { IdeName, Session } from '../sessions/session.ts'

/** Who may enter a session: the one check for requests and upgrades alike. */
export interface Door {
  /** The session, from memory. Throws AtelierError, SESSION_NOT_FOUND for whoever is not its owner. */
  admit(request: IncomingMessage, sessionId: string, kind: 'request' | 'upgrade'): Promise<Session>
}

/** What decides the next hop of a session's traffic. */
export interface Hops {
  /** The name of this node: a session's socket can be reached on its own node only. */
  readonly node: string
  ide(name: IdeName): Ide
  /** The session's own secret, that its IDE was started with. */
  secretOf(session: Session): string
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
