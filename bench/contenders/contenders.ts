import type { Upstreams } from '../upstream/upstream.ts'
import type { Workplace } from '../workplace.ts'
import { startAtelier, startEarlier } from './atelier.ts'
import { startConfigurableHttpProxy } from './configurable-http-proxy.ts'
import type { Contender, ContenderName, StartContender } from './contender.ts'
import { startNginx } from './nginx.ts'
import { startPlugin } from './plugin.ts'
import { startTwoHops } from './two-hops.ts'

const START: Readonly<Record<ContenderName, StartContender>> = {
  atelier: startAtelier,
  'two-hops': startTwoHops,
  earlier: startEarlier,
  'configurable-http-proxy': startConfigurableHttpProxy,
  nginx: startNginx,
  plugin: startPlugin,
  direct: (_workplace, { files, echo }) =>
    Promise.resolve({
      name: 'direct',
      program: undefined,
      headers: {},
      portOf: (id) => (id === files.id ? files.port : echo.port),
    }),
}

/** The contenders of a run, each started when it is first asked for. */
export class Contenders {
  readonly upstreams: Upstreams
  readonly #workplace: Workplace
  readonly #running = new Map<ContenderName, Contender>()

  constructor(parts: { workplace: Workplace; upstreams: Upstreams }) {
    this.#workplace = parts.workplace
    this.upstreams = parts.upstreams
  }

  /** These contenders, running. */
  async get(names: readonly ContenderName[]): Promise<readonly Contender[]> {
    const contenders: Contender[] = []
    for (const name of names) {
      const running =
        this.#running.get(name) ?? (await START[name](this.#workplace, this.upstreams))
      this.#running.set(name, running)
      contenders.push(running)
    }
    return contenders
  }

  /** Ends all of them; who is asked for again is started afresh. */
  stop(): void {
    for (const { program } of this.#running.values()) program?.stop()
    this.#running.clear()
  }
}
