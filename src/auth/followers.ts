import type { Role } from './role.ts'
import type { SignIn } from './sign-in.ts'

/** What goes on for as long as somebody may: a tunnel, a stream of events, an answer that is still being sent. */
export interface Followed {
  readonly user: string
  /** As it was when this began. */
  readonly role: Role
  /** Undefined for what was begun with an API token. */
  readonly signIn: SignIn | undefined
}

/** Everything that goes on in somebody's name on this node, by user. */
export class Followers {
  readonly #ofUser = new Map<string, Map<() => void, Followed>>()

  /** Calls `end` once, should it have to end before its time; answers what stops waiting for it. */
  add(followed: Followed, end: () => void): () => void {
    const { user } = followed
    const all = this.#ofUser.get(user) ?? new Map<() => void, Followed>()
    this.#ofUser.set(user, all)
    // One of its own, as the same function may come twice.
    const once = (): void => {
      leave()
      end()
    }
    const leave = (): void => {
      all.delete(once)
      if (all.size === 0 && this.#ofUser.get(user) === all) this.#ofUser.delete(user)
    }
    all.set(once, followed)
    return leave
  }

  /** Who has something that goes on. */
  users(): readonly string[] {
    return [...this.#ofUser.keys()]
  }

  /** Ends what goes on in the user's name, as far as it `hasEnded`. */
  end(user: string, hasEnded: (followed: Followed) => boolean): void {
    for (const [end, followed] of this.#ofUser.get(user) ?? []) if (hasEnded(followed)) end()
  }
}
