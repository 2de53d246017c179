/** What tabs of this browser tell each other. */
export type News = 'signed-in' | 'signed-out'

/** As much of the browser's BroadcastChannel as is used here. */
export type NewsChannel = Pick<
  BroadcastChannel,
  'postMessage' | 'addEventListener' | 'removeEventListener'
>

/** Tells the other tabs of this browser of a sign-in or a sign-out, and hears of theirs. */
export class SignInNews {
  readonly #channel: NewsChannel | undefined

  /** Without a channel, in a browser that has none, nothing is told. */
  constructor({ channel }: { channel: NewsChannel | undefined }) {
    this.#channel = channel
  }

  /** Tells the other tabs. */
  tell(news: News): void {
    this.#channel?.postMessage(news)
  }

  /** Calls `listener` when another tab tells this news; the answer ends that. */
  on(news: News, listener: () => void): () => void {
    const onMessage = ({ data }: MessageEvent): void => {
      if (data === news) listener()
    }
    this.#channel?.addEventListener('message', onMessage)
    return () => this.#channel?.removeEventListener('message', onMessage)
  }
}
