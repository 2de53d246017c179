import { z } from 'zod'
import { AtelierError } from '../errors.ts'
import type { Ide, IdeCommand, IdeContext, Probe } from './ide.ts'
import type { FindProgram } from './program.ts'
import { vscodeScript } from './vscode-script.ts'

const healthSchema = z.object({ status: z.enum(['alive', 'expired']) })

/** VS Code as code-server, on a unix socket; it knows no prefix and needs no secret. */
export class VsCode implements Ide {
  readonly name = 'vscode'
  readonly title = 'VS Code'
  readonly keepsPrefix = false
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
   * True while a window is connected, or was within the last minute. code-server tells no more: a program that runs in
   * a terminal whose window is closed is not seen, and a window in which nothing happens counts.
   */
  async busy(probe: Probe, _prefix: string, signal: AbortSignal): Promise<boolean> {
    const { status, body } = await probe('/healthz', signal)
    if (status !== 200) throw new AtelierError('IDE_UNREACHABLE')
    try {
      return healthSchema.parse(JSON.parse(body)).status === 'alive'
    } catch (cause) {
      throw new AtelierError('IDE_UNREACHABLE', undefined, { cause })
    }
  }
}
