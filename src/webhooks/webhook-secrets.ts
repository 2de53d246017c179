import type { ClusterKey } from '../auth/cluster-key.ts'

/** What the secrets of a user are made from. */
export interface SecretSeeds {
  readonly seed: string
  /** That of the secret before, as long as it signs too. */
  readonly before: string | null
}

/** The truth about what secrets are made from. */
export interface SecretStore {
  /** Made when it is asked for first. */
  of(user: string): Promise<SecretSeeds>
  /** Makes a new seed; the one before is told for a day. */
  replace(user: string): Promise<SecretSeeds>
}

/**
 * The secret by which each user's webhooks are signed. It is derived from the cluster key and a random seed in the
 * database, so that neither of them tells it by itself.
 */
export class WebhookSecrets {
  readonly #store: SecretStore
  readonly #clusterKey: Pick<ClusterKey, 'derive'>

  constructor(parts: { store: SecretStore; clusterKey: Pick<ClusterKey, 'derive'> }) {
    this.#store = parts.store
    this.#clusterKey = parts.clusterKey
  }

  /** The user's secrets, 32 bytes each: the present one and, for a day after it was replaced, the one before. */
  async of(user: string): Promise<readonly [Buffer, ...Buffer[]]> {
    return this.#derived(user, await this.#store.of(user))
  }

  /** Replaces the user's secret. */
  async replace(user: string): Promise<readonly [Buffer, ...Buffer[]]> {
    return this.#derived(user, await this.#store.replace(user))
  }

  #derived(user: string, { seed, before }: SecretSeeds): readonly [Buffer, ...Buffer[]] {
    const secretOf = (from: string) =>
      this.#clusterKey.derive(`webhooks ${JSON.stringify([user, from])}`)
    return before === null ? [secretOf(seed)] : [secretOf(seed), secretOf(before)]
  }
}
