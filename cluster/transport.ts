/** Carries datagrams; knows nothing of what is in them. */
export interface Transport {
  /**
   * Takes datagrams from now on, and gives each with the address it came from (`ip:port`, IPv6 in brackets). Resolves with the
   * address it is bound to, its port never 0; rejects with a BindError. `onError` hears of errors afterwards.
   */
  bind(
    receive: (datagram: Uint8Array, from: string) => void,
    onError: (error: Error) => void,
  ): Promise<string>
  /** Resolves when the datagram has left; rejects if the system refused it. What is lost on the way nobody knows. */
  send(datagram: Uint8Array, to: string): Promise<void>
  /** Takes no more datagrams, and gives the address back. */
  close(): Promise<void>
}

/** The address for the gossip cannot be used; the message says why and what to do. */
export class BindError extends Error {
  /** The system's code, as EADDRINUSE. */
  readonly code: string

  constructor(message: string, { code, cause }: { code: string; cause?: unknown }) {
    super(message, { cause })
    this.name = 'BindError'
    this.code = code
  }
}
