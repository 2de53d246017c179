/** One attempt to sign in, as src/pam/authenticate.ts reads it. */
export interface Attempt {
  /** The service of /etc/pam.d. */
  readonly service: string
  readonly user: string
  readonly password: string
  /** The browser's address. */
  readonly remoteHost: string
  /** Accounts below it may not sign in, and root never. */
  readonly minimumUid: number
}

/** How it went, as that program answers it. */
export type AttemptOutcome =
  | {
      readonly outcome: 'signed in'
      /** The account's name as the system has it. */
      readonly user: string
    }
  | {
      readonly outcome: 'refused'
      /** True for an account that may never sign in; its password was not tried. */
      readonly isBarred: boolean
      readonly step: 'authenticate' | 'account'
      /** Of pam-codes.ts. */
      readonly code: number
      readonly words: string
      readonly told: readonly string[]
      /** How long the modules want it to take. */
      readonly failDelayMs: number
    }
  | {
      readonly outcome: 'trouble'
      /** For the operator. */
      readonly why: string
      /** True if the password may have been tried. */
      readonly isTried?: true
    }
