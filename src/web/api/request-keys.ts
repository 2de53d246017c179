import { nanoid } from 'nanoid'

/** Marks requests, so that one that is repeated because its answer got lost is carried out once. */
export class RequestKeys {
  #last: { readonly body: string; readonly key: string } | undefined

  /** The key of a request with this body: the same as before until it is done, a new one for another body. */
  of(body: unknown): string {
    const text = JSON.stringify(body)
    if (this.#last?.body !== text) this.#last = { body: text, key: nanoid() }
    return this.#last.key
  }

  /** The request was answered: the next one is a new one. */
  done(): void {
    this.#last = undefined
  }
}
