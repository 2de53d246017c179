import { z } from 'zod'
import { CommandFailure } from './failure.ts'

const failureBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

/** Speaks to the API of a running Atelier as one user. */
export class ApiClient {
  readonly #address: string
  readonly #headers: Readonly<Record<string, string>>

  /** `headers` say who asks; they are sent with every request. */
  constructor(options: {
    readonly address: string
    readonly headers: Readonly<Record<string, string>>
  }) {
    this.#address = options.address
    this.#headers = options.headers
  }

  /** The JSON that the API answers; null when it has nothing to say. Throws CommandFailure with the API's own error. */
  async request(
    method: string,
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<unknown> {
    const response = await this.#fetch(method, path, { body, headers })
    const text = await response.text()
    if (!response.ok) throw this.#failure(response, text)
    return text === '' ? null : tryJson(text)
  }

  /** An answer that is read as it comes. Throws CommandFailure with the API's own error, and what `signal` is aborted with. */
  async open(path: string, signal: AbortSignal): Promise<Response> {
    const response = await this.#fetch('GET', path, { signal })
    if (!response.ok) throw this.#failure(response, await response.text())
    return response
  }

  #failure({ status }: Response, text: string): CommandFailure {
    const failure = failureBody.safeParse(text === '' ? null : tryJson(text))
    if (failure.success) {
      const { code, message } = failure.data.error
      return new CommandFailure(code, message)
    }
    return new CommandFailure(
      'NOT_ATELIER',
      `${this.#address} answers with status ${status}, but not as Atelier does.`,
    )
  }

  /** Signs in with the token of a one-time link. Answers a client that goes on as that user, in memory only. */
  async signIn(token: string): Promise<ApiClient> {
    const response = await this.#fetch('POST', '/api/v1/sign-in', { body: { token } })
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0]
    const failure = response.ok ? undefined : failureBody.safeParse(tryJson(await response.text()))
    if (failure?.success) {
      const { code, message } = failure.data.error
      throw new CommandFailure(code, message)
    }
    if (!response.ok || cookie === undefined) {
      throw new CommandFailure('SIGN_IN_FAILED', `${this.#address} does not accept the sign-in.`)
    }
    return new ApiClient({ address: this.#address, headers: { ...this.#headers, cookie } })
  }

  async #fetch(
    method: string,
    path: string,
    {
      body,
      headers,
      signal,
    }: {
      readonly body?: object | undefined
      readonly headers?: Readonly<Record<string, string>>
      readonly signal?: AbortSignal
    },
  ): Promise<Response> {
    try {
      return await fetch(new URL(path, this.#address), {
        method,
        redirect: 'manual',
        ...(signal && { signal }),
        headers: {
          ...this.#headers,
          ...headers,
          ...(body && { 'content-type': 'application/json' }),
        },
        ...(body && { body: JSON.stringify(body) }),
      })
    } catch (error) {
      signal?.throwIfAborted()
      throw new CommandFailure(
        'NOT_RUNNING',
        `Atelier does not answer at ${this.#address}; it may be starting, or have been stopped.`,
        { cause: error },
      )
    }
  }
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
