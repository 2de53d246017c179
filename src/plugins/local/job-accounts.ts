import { findAccount, type Account } from '../../accounts.ts'
import { PLUGIN_ERROR, PluginError } from '../../launcher/plugin-error.ts'
import { refusal, type JobPolicy } from './refusal.ts'

/** The accounts that jobs may run as. */
export class JobAccounts {
  readonly #policy: Omit<JobPolicy, 'serverUid' | 'serverGid'>
  readonly #serverUser: string | undefined
  #server: Account | undefined

  /** `serverUser` is the account that is to reach where jobs listen, and none of whose jobs are started. */
  constructor({
    serverUser,
    ...policy
  }: Omit<JobPolicy, 'serverUid' | 'serverGid'> & { readonly serverUser: string | undefined }) {
    this.#policy = policy
    this.#serverUser = serverUser
  }

  /** The group that is to reach where jobs listen; undefined if that is the plugin's own account alone. */
  get serverGid(): number | undefined {
    return this.#server?.gid
  }

  /** Looks up what jobs depend on. Throws PluginError if no job could ever be started. */
  async start(): Promise<void> {
    const { ownUid, onlyUser } = this.#policy
    // Whoever is not root cannot give anything to another group, nor needs it: there the server is the same account.
    if (ownUid === 0 && this.#serverUser !== undefined) {
      this.#server = await findAccount(this.#serverUser)
      if (this.#server === undefined) {
        const message = `There is no account ${this.#serverUser} on this server, as which it is to reach jobs.`
        throw new PluginError(PLUGIN_ERROR.invalidRequest, message)
      }
    }
    if (onlyUser !== undefined) await this.find(onlyUser)
  }

  /** The account of a job's user. Throws PluginError, with the reason for a person, if no job may run as it. */
  async find(user: string): Promise<Account> {
    const account = await findAccount(user)
    const server = { serverUid: this.#server?.uid, serverGid: this.#server?.gid }
    const policy = { ...this.#policy, ...server }
    const reason = refusal(user, account, policy)
    if (account !== undefined && reason === undefined) return account
    throw new PluginError(PLUGIN_ERROR.invalidRequest, reason ?? '')
  }
}
