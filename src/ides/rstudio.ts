import type { Ide, IdeCommand, IdeContext, IdeRequest, Probe } from './ide.ts'
import type { RServer } from './rstudio-server.ts'
import { isRStudioUse, isRStudioUseFrame } from './rstudio-use.ts'
import { rstudioScript } from './rstudio-script.ts'

/** RStudio as RStudio Server on a unix socket, one server for each session; it wants its prefix stripped. */
export class RStudio implements Ide {
  readonly name = 'rstudio'
  readonly title = 'RStudio'
  readonly keepsPrefix = false
  readonly isUse = isRStudioUse
  readonly isUseFrame = isRStudioUseFrame
  readonly cookies =
    /^(?:user-id|user-list-id|user-token|persist-auth|csrf-token|rs-csrf-token|port-token)(?:$|-)/
  readonly #find: () => Promise<RServer>

  constructor({ find }: { find: () => Promise<RServer> }) {
    this.#find = find
  }

  /** The start of one session; throws as `Ide.command`. */
  async command(context: IdeContext): Promise<IdeCommand> {
    return { script: rstudioScript(await this.#find(), context), environment: {} }
  }

  /** None that stay the same: whoever reaches the socket may use it. */
  headers(): Readonly<Record<string, string>> {
    return {}
  }

  /**
   * Where the browser believes it is. RStudio makes its redirects and the paths of its cookies from these; told less, it
   * sends browsers outside of the session, or to its sign-in page for ever (rstudio#8888).
   */
  requestHeaders({ prefix, url }: IdeRequest): Readonly<Record<string, string>> {
    return { 'x-rstudio-root-path': prefix, 'x-rstudio-request': url }
  }

  /** True once RStudio Server answers. R itself is started by the first page that is opened. */
  async ready(probe: Probe, _prefix: string, signal: AbortSignal): Promise<boolean> {
    try {
      const { status } = await probe('/', signal)
      return status === 200 || status === 302
    } catch {
      signal.throwIfAborted()
      return false
    }
  }

  /**
   * Always false: RStudio Server tells nobody whether R computes, and asking R itself would take the place of the user's
   * page or start R. That R and the programs in its terminals compute is seen by their processes.
   */
  async busy(): Promise<boolean> {
    return false
  }
}
