import type { ApiUser, SessionAnswer } from '../../test/fixtures/api.ts'

/** The API's event stream as the home page reads it: when each session reached which state. */
export class SessionEvents {
  readonly #abort: AbortController
  /** Milliseconds since 1970, by session and state. */
  readonly #reached = new Map<string, number>()
  readonly #waiting = new Map<string, (at: number) => void>()

  private constructor(abort: AbortController) {
    this.#abort = abort
  }

  /** Opens the stream of a user. Throws unless the answer is a stream. */
  static async open(user: ApiUser): Promise<SessionEvents> {
    const abort = new AbortController()
    const { body, status } = await user.fetch('/api/v1/events', { signal: abort.signal })
    if (status !== 200 || body === null) throw new Error(`no event stream: ${status}`)
    const events = new SessionEvents(abort)
    void events.#read(body).catch(() => undefined)
    return events
  }

  /** When the session reached the state, as soon as it has. Throws if it fails instead, or after 30 s. */
  reached(session: string, state: string): Promise<number> {
    const key = `${session} ${state}`
    const at = this.#reached.get(key)
    if (at !== undefined) return Promise.resolve(at)
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error(`${key} was not reached`)), 30_000)
      this.#waiting.set(`${session} Failed`, () => reject(new Error(`${session} failed`)))
      this.#waiting.set(key, (time) => {
        clearTimeout(limit)
        this.#waiting.delete(`${session} Failed`)
        resolve(time)
      })
    })
  }

  /** Closes the stream. */
  close(): void {
    this.#abort.abort()
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of body) {
      const now = performance.timeOrigin + performance.now()
      text += decoder.decode(chunk, { stream: true })
      const events = text.split('\n\n')
      text = events.pop() ?? ''
      for (const event of events) this.#take(event, now)
    }
  }

  #take(event: string, now: number): void {
    const [, data] = /^event: session\ndata: (.*)$/m.exec(event) ?? []
    if (data === undefined) return
    const { id, state } = JSON.parse(data) as SessionAnswer
    const key = `${id} ${state}`
    if (!this.#reached.has(key)) this.#reached.set(key, now)
    this.#waiting.get(key)?.(now)
    this.#waiting.delete(key)
  }
}
