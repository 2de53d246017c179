import type { Ide, IdeCommand, IdeContext } from './ide.ts'
import { JUPYTER_COOKIES, jupyterBusy, jupyterReady } from './jupyter-probes.ts'
import { isJupyterUse, isJupyterUseFrame } from './jupyter-use.ts'
import { jupyterScript } from './jupyter-script.ts'
import type { FindProgram } from './program.ts'

/** JupyterLab 4, at its prefix on a unix socket; the session's secret is its token. */
export class JupyterLab implements Ide {
  readonly name = 'jupyterlab'
  readonly title = 'JupyterLab'
  readonly keepsPrefix = true
  readonly cookies = JUPYTER_COOKIES
  readonly ready = jupyterReady
  readonly busy = jupyterBusy
  readonly isUse = isJupyterUse
  readonly isUseFrame = isJupyterUseFrame
  readonly #find: FindProgram

  constructor({ find }: { find: FindProgram }) {
    this.#find = find
  }

  /** The start of one session; throws as `Ide.command`. */
  async command(context: IdeContext): Promise<IdeCommand> {
    const { words, binDirectory } = await this.#find()
    return {
      script: jupyterScript(words[0], binDirectory, 'lab', context),
      environment: { JUPYTER_TOKEN: context.secret },
    }
  }

  /** The token as a header, which spares the login page and the XSRF check. */
  headers(secret: string): Readonly<Record<string, string>> {
    return { authorization: `token ${secret}` }
  }
}
