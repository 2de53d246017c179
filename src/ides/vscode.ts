import type { Ide, IdeCommand, IdeContext, Probe } from './ide.ts'
import type { FindProgram } from './program.ts'
import { isVsCodeUse, isVsCodeUseFrame } from './vscode-use.ts'
import { vscodeScript } from './vscode-script.ts'

/** VS Code as code-server, on a unix socket; it knows no prefix and needs no secret. */
export class VsCode implements Ide {
  readonly name = 'vscode'
  readonly title = 'VS Code'
  readonly keepsPrefix = false
  readonly isUse = isVsCodeUse
  readonly isUseFrame = isVsCodeUseFrame
  readonly cookies = /^(?:code-server-|vscode-)/
  readonly #find: FindProgram

  constructor({ find }: { find: FindProgram }) {
    this.#find = find
  }

  /** The start of one session; throws as `Ide.command`. */
  async command(context: IdeContext): Promise<IdeCommand> {
    const { words } = await this.#find()
    return {
      script: vscodeScript(words, context),
      // For its list of ports, and for extensions and terminals: with its own proxy any port could be reached.
      environment: { VSCODE_PROXY_URI: `${context.prefix}/p/{{port}}/` },
    }
  }

  /** None: whoever reaches the socket may use it. */
  headers(): Readonly<Record<string, string>> {
    return {}
  }

  /** True once code-server answers; false while it does not answer at all. */
  async ready(probe: Probe, _prefix: string, signal: AbortSignal): Promise<boolean> {
    try {
      return (await probe('/healthz', signal)).status === 200
    } catch {
      signal.throwIfAborted()
      return false
    }
  }

  /**
   * Always false: code-server tells only whether a window is connected, and a forgotten one is too (coder/code-server,
   * heartbeat). What its terminals, tasks, notebooks and extensions compute is seen by their processes.
   */
  async busy(): Promise<boolean> {
    return false
  }
}
