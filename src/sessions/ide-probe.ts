import { Agent, request } from 'undici'
import type { Probe } from '../ides/ide.ts'
import { ideConnector } from './ide-connection.ts'
import type { Location } from './session.ts'

const BODY_LIMIT = 1024 * 1024
const CONNECT_TIMEOUT_MS = 2000

type Headers = Readonly<Record<string, string>>

/** Asks one IDE directly, past the proxy. Close it when done. */
export class IdeProbe {
  readonly #agent: Agent
  readonly #origin: string
  readonly #headers: Headers
  readonly #headersOf: ((path: string) => Headers | undefined) | undefined

  /** `headersOf` tells further headers for a path. */
  constructor(parts: {
    location: Location
    headers: Headers
    headersOf?: (path: string) => Headers | undefined
  }) {
    const { location } = parts
    this.#agent = new Agent({
      connections: 1,
      connect: ideConnector(location, CONNECT_TIMEOUT_MS),
    })
    this.#origin =
      location.kind === 'socket' ? 'http://localhost' : `http://${location.host}:${location.port}`
    this.#headers = parts.headers
    this.#headersOf = parts.headersOf
  }

  /** Makes one GET request. Throws if the IDE does not answer before `signal`. */
  readonly probe: Probe = async (path, signal) => {
    const answer = await request(this.#origin + path, {
      dispatcher: this.#agent,
      headers: { ...this.#headers, ...this.#headersOf?.(path) },
      signal,
    })
    let body = ''
    for await (const chunk of answer.body.setEncoding('utf8')) {
      body += chunk
      if (body.length > BODY_LIMIT) break
    }
    return { status: answer.statusCode, body: body.slice(0, BODY_LIMIT) }
  }

  /** Closes its connections. */
  async close(): Promise<void> {
    await this.#agent.destroy()
  }
}
